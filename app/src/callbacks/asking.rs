//! Asking to be called: what can be promised, and the promise.

use domain::callback::{Callback, Desk, Refused, Unfit, Wish, check, estimate};
use domain::case::Actor;
use domain::time::Micros;
use factors::phone::Phone;
use store::{Applied, Changes, DocumentKind, StoreError};

use super::{Case, Kept, Numbered, OF_CASE_MAX, QUEUED, Step, TRIES, WAITING};
use crate::http::House;
use crate::http::problem::{Kind, Problem};

/// Slots offered at once.
const SLOTS_SHOWN: usize = 12;
/// Of what calls to one number are counted.
const COUNTED: &str = "callback";

/// What can be promised now (R21).
pub struct Offer {
    /// Agents that are free and that nobody waits for.
    pub free: usize,
    /// How long until one is, as far as can be told; none where nobody is at the desk.
    pub estimate: Option<i64>,
    /// Half hours that can be had, soonest first.
    pub slots: Vec<Micros>,
}

/// What is asked for.
pub struct Wanted<'a> {
    /// As it was typed.
    pub number: &'a str,
    /// When.
    pub wish: Wish,
    /// Who asks.
    pub by: &'a Actor,
    /// What for, where an agent promises it.
    pub reason: Option<&'a str>,
}

/// How a try to write a promise ended.
enum Written {
    Done(Box<Numbered>),
    Refused(Refused),
    Again,
}

impl House {
    /// What can be promised now.
    ///
    /// # Errors
    /// It cannot be learnt now.
    pub async fn call_offer(&self) -> Result<Offer, StoreError> {
        let now = self.world.now();
        let agents = self.agents_at_the_desk().await?;
        let waiting = self.callbacks_in(QUEUED).await?.len();
        let free = agents.iter().filter(|agent| agent.on.is_none()).count();
        let free = free.saturating_sub(waiting);
        let booked: Vec<Micros> = self
            .callbacks_in(WAITING)
            .await?
            .iter()
            .filter_map(|one| match one.kept.callback.wish {
                Wish::Slot { from } => Some(from),
                Wish::Now | Wish::FollowUp { .. } => None,
            })
            .collect();
        let (hours, at_once) = (&self.calling.hours, self.calling.at_once);
        let slots = domain::callback::Slots { hours, booked: &booked, at_once };
        Ok(Offer {
            free,
            estimate: estimate(waiting, agents.len()),
            slots: slots.offered(now, SLOTS_SHOWN),
        })
    }

    /// Promises a call-back, or says why none is promised. Nothing of a refused one is kept.
    ///
    /// # Errors
    /// No calls are made here, or nothing could be written now.
    pub async fn ask_for_call(
        &self,
        case: &Case,
        wanted: &Wanted<'_>,
    ) -> Result<Result<Numbered, Refused>, Problem> {
        if !self.calling.is_on() {
            return Err(Problem::new(Kind::Conflict, "no calls are made: callback-gateway"));
        }
        let number = match Phone::parse(wanted.number) {
            Ok(phone) => phone.e164().to_owned(),
            Err(_) => return Ok(Err(Refused::Number(Unfit::NoLine))),
        };
        if let Err(unfit) = check(&number) {
            return Ok(Err(Refused::Number(unfit)));
        }
        let mut case = case.clone();
        for _ in 0..TRIES {
            match self.promise(&case, wanted, &number).await? {
                Written::Done(numbered) => return Ok(Ok(*numbered)),
                Written::Refused(refused) => return Ok(Err(refused)),
                Written::Again => {
                    let again = self.case(case.id).await?;
                    case = again.ok_or_else(|| Problem::not_found("case"))?;
                }
            }
        }
        Err(Problem::unavailable(1))
    }

    /// Number, slot and report are each counted in the transaction that promises.
    async fn promise(
        &self,
        case: &Case,
        wanted: &Wanted<'_>,
        number: &str,
    ) -> Result<Written, Problem> {
        let now = self.world.now();
        let (called_today, tally) = self.members.one_more_today(COUNTED, number).await?;
        let offer = self.call_offer().await?;
        let open = self.open_callback(case.id).await?.is_some();
        let desk = Desk { called_today, open, free: offer.free, slots: &offer.slots };
        let callback = match Callback::ask(wanted.wish, desk, now) {
            Ok(callback) => callback,
            Err(refused) => return Ok(Written::Refused(refused)),
        };
        if case.kept.callbacks.len() >= OF_CASE_MAX {
            return Ok(Written::Refused(Refused::TooMany));
        }
        let step =
            Step { at: now, by: wanted.by.clone(), from: callback.state, to: callback.state };
        let mut one = self.new_callback(case, callback, number, wanted.reason);
        one.kept.steps.push(step);
        let mut next = case.clone();
        next.kept.callbacks.push(one.id);
        for place in 0..self.calling.at_once.max(1) {
            one.kept.place = matches!(wanted.wish, Wish::Slot { .. }).then_some(place);
            let mut changes = Changes { puts: vec![tally.clone()], ..Changes::default() };
            one.write(self, &mut changes);
            next.write(self, &mut changes);
            match self.store.apply(&changes, now).await? {
                Applied::Done => {
                    return Ok(Written::Done(Box::new(one.written())));
                }
                Applied::NameTaken(DocumentKind::Callback, _) if one.kept.place.is_some() => {}
                Applied::NameTaken(..) | Applied::Raced(..) => return Ok(Written::Again),
            }
        }
        // Every place of the slot went meanwhile, or the report has another call-back by now.
        let open = self.open_callback(case.id).await?.is_some();
        Ok(Written::Refused(if open { Refused::OpenAlready } else { Refused::NoSuchSlot }))
    }

    pub(super) fn new_callback(
        &self,
        case: &Case,
        callback: Callback,
        number: &str,
        reason: Option<&str>,
    ) -> Numbered {
        let kept = Kept {
            callback,
            case: case.id,
            account_name: case.kept.account_name.clone(),
            number: number.to_owned(),
            english: case.kept.english,
            place: None,
            reason: reason.map(str::to_owned),
            follows: None,
            steps: Vec::new(),
        };
        let account = case.kept.case.account.filter(|_| kept.account_name.is_some());
        Numbered { id: self.world.uuid(), kept, account, version: None, told: 0 }
    }
}
