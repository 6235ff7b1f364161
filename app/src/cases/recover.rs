//! Coming back: the account is the owner's again after a cool-down, in which contacts from before may
//! object (§4.1, T2).

use domain::account::{self, Level, State};
use domain::case::{Actor, COOL_DOWN, Command, Given, level};
use domain::member::{self, Acting, Changed, Contact, ContactKind, Member, Proof, Telling, Topic};
use domain::time::Micros;
use store::{Changes, DocumentKind};

use super::{Numbered, one_spelling, read};
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::members::Found;
use crate::notices::About;
use crate::text::Language;

impl House {
    /// Begins to give the account back.
    ///
    /// # Errors
    /// Refused below V3, before the intruder is out, or where two claim the account.
    pub(super) async fn recover(
        &self,
        case: &Numbered,
        by: &Actor,
        reason: Option<&str>,
    ) -> Result<Numbered, Problem> {
        let now = self.world.now();
        let (mut next, actions) = case.step(Command::Recover, by, reason, now)?;
        let Some(account) = next.kept.case.account else { return Ok(next) };
        let Some(found) = self.members.of(account).await? else {
            return Err(Problem::new(
                Kind::Conflict,
                "the store keeps the sign-in of this account",
            ));
        };
        let level = next.kept.case.level();
        let is_contested = found.member.standing.state == State::Contested;
        if actions.is_empty() && !is_contested {
            return Ok(next);
        }
        let recover = if is_contested {
            if !matches!(by, Actor::Supervisor(_)) {
                let why = "two claim the account: a supervisor decides, on documents";
                return Err(Problem::new(Kind::Forbidden, why));
            }
            next.kept.was_contested = true;
            account::Command::Decide { level, winner_cool_down: Some(COOL_DOWN) }
        } else {
            account::Command::Recover { level, cool_down: COOL_DOWN }
        };
        let (standing, _) = found
            .member
            .standing
            .next(recover, now)
            .map_err(|refused| Problem::new(Kind::Conflict, refused.to_string()))?;
        let start = next.kept.case.start.unwrap_or(next.kept.case.opened_at);
        let member = Member { standing, ..found.member.clone() };
        let mut changes =
            Changes { puts: vec![self.members.change(&found, &member)], ..Changes::default() };
        // Each may say that it is not them: then two claim the account, and people decide (X6).
        let to: Vec<_> = member.contacts_before(start, now).into_iter().cloned().collect();
        let written = self.notices.write(About {
            holder: (found.account, member.account.clone()),
            telling: Telling { topic: Topic::RecoveryBegun, undo_to: to.clone(), to },
            urgent: true,
            language: Language::of(&member),
            place: None,
            device: None,
            change: None,
        });
        changes.puts.extend(written.puts);
        changes.outbox.extend(written.outbox);
        let next = self.write_case(&next, changes).await?;
        self.letters.notify_one();
        Ok(next)
    }

    /// The member whose account the reporter of `case` may take back now; until when they wait
    /// otherwise. Only by what this reporter proved: another in the same case may be the intruder.
    pub(crate) async fn comes_back(&self, case: &Numbered) -> Result<ComesBack, Problem> {
        let main = match case.kept.into {
            Some(main) => self.case(main).await?,
            None => Some(case.clone()),
        };
        let told = main.as_ref().map(|main| &main.kept.case);
        let account = told.filter(|told| told.recovered_at.is_some()).and_then(|told| told.account);
        let (Some(told), Some(account)) = (told, account) else { return Ok(ComesBack::No) };
        let was_contested = main.as_ref().is_some_and(|main| main.kept.was_contested);
        let needed = if was_contested { Level::V4 } else { Level::V3 };
        let start = told.start.unwrap_or(told.opened_at);
        let proven = level(&case.kept.own, start, told.account_since);
        if proven < needed {
            return Ok(ComesBack::No);
        }
        Ok(match self.members.of(account).await? {
            Some(found) => match found.member.standing.state {
                State::Recovering { until } if self.world.now() < until => ComesBack::At(until),
                State::Recovering { .. } => ComesBack::Now { found: Box::new(found), proven },
                _ => ComesBack::No,
            },
            None => ComesBack::No,
        })
    }

    /// A document of whoever reports was seen: it counts in the case, and for that reporter alone.
    pub(super) async fn see_document(
        &self,
        case: Numbered,
        report: Option<&str>,
        by: &Actor,
        reason: Option<&str>,
    ) -> Result<Numbered, Problem> {
        let wrong = |why: &str| Problem::invalid("/report", why);
        let given = Given::Document { by: crate::audit::actor(by).to_owned() };
        let (mut next, _) =
            case.step(Command::Prove(given.clone()), by, reason, self.world.now())?;
        let mut changes = Changes::default();
        let number = report.map(one_spelling).filter(|number| !number.is_empty());
        match number {
            None if case.kept.reports > 0 => {
                return Err(wrong("whose document it is: the number of their report"));
            }
            Some(number) if number != case.kept.number => {
                let name = self.case_name(&number);
                let document = self.store.document_named(DocumentKind::Case, name).await?;
                let other = document.as_ref().and_then(read);
                let other = other.filter(|other| other.kept.into == Some(case.id));
                let mut other = other.ok_or_else(|| wrong("no report of this case"))?;
                other.kept.own.push(given);
                other.write(self, &mut changes);
            }
            _ => next.kept.own.push(given),
        }
        self.write_case(&next, changes).await
    }

    /// The account with its new password: watched, two-step compulsory, all else as it was before. A
    /// new contact stands in place of all others, for whom they are lost.
    ///
    /// # Errors
    /// Not before the cool-down is over.
    pub(crate) fn come_back(
        &self,
        found: &Found,
        hash: String,
        case: u128,
        contact: Option<Contact>,
    ) -> Result<Changed, Problem> {
        let now = self.world.now();
        let conflict = |what: String| Problem::new(Kind::Conflict, what);
        let restore = account::Command::Restore { level: Level::V3 };
        let restored = found.member.standing.next(restore, now);
        let (standing, _) = restored.map_err(|refused| conflict(refused.to_string()))?;
        let acting = Acting {
            session: case,
            proof: Proof::SecondFactor,
            proven_at: now,
            by_new_factor: false,
        };
        let password = member::Password { hash, since: now };
        let set = member::Command::SetPassword(password);
        let changed = found.member.change(set, &acting, now);
        let mut changed = changed.map_err(|refused| conflict(refused.to_string()))?;
        changed.member.standing = standing;
        changed.member.two_step_required = true;
        if let Some(contact) = contact {
            let contact = Contact { since: now, ..contact };
            let (mails, phones) = match contact.kind {
                ContactKind::Mail => (vec![contact], Vec::new()),
                ContactKind::Phone => (Vec::new(), vec![contact]),
            };
            (changed.member.mails, changed.member.phones) = (mails, phones);
        }
        Ok(changed)
    }
}

/// Whether a reporter may take the account back.
pub(crate) enum ComesBack {
    /// No.
    No,
    /// Then.
    At(Micros),
    /// Now.
    Now {
        /// Whose account.
        found: Box<Found>,
        /// What this reporter proved.
        proven: Level,
    },
}
