//! Parcels, codes, carriers and sellers: each parcel goes its own way to its end (§4.4).

use super::{Action, Command, Refused, Restitution, TaskKind};
use crate::gift_code::{self, GiftCode};
use crate::intercept::{self, Destination, Intercept, Through};
use crate::ledger::Happened;
use crate::parcel::{Act, End, Parcel, Stage, State};
use crate::seller_return::{self, SellerReturn};
use crate::time::Micros;

impl Restitution {
    /// The first act for a parcel as it is now.
    pub(super) fn begin(
        &mut self,
        place: usize,
        now: Micros,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refused> {
        let parcel = self.parcels.get_mut(place).ok_or(Refused::Unknown)?;
        let (id, plan) = (parcel.facts.id.clone(), parcel.plan());
        parcel.due_at = Some(now.plus(plan.within));
        match plan.first {
            Act::Cancel => {
                parcel.stage = Stage::Held;
                actions.push(Action::Cancel(id));
            }
            Act::Revoke if parcel.facts.redeemed => {
                (parcel.code, parcel.due_at) = (Some(GiftCode::Redeemed), None);
                parcel.stage = Stage::ClaimOpen;
            }
            Act::Revoke => {
                parcel.code = GiftCode::Unredeemed.next(gift_code::Command::Revoke);
                parcel.stage = Stage::Revoking;
                actions.push(Action::Revoke(id));
            }
            Act::Intercept => {
                parcel.due_at = None;
                parcel.stage = Stage::Intercepting;
                parcel.intercept = Some(Intercept::possible(through(parcel), now));
                self.intercept(&id, asked(Destination::ReturnToSender), now, actions)?;
            }
            Act::AskSeller => self.ask_seller(place, now, actions)?,
            Act::CheckReceipt => {
                parcel.stage = Stage::CheckingReceipt;
                self.raise(TaskKind::CheckReceipt, &id, now);
            }
            Act::ClaimFromCarrier => {
                parcel.stage = Stage::ClaimingFromCarrier;
                self.raise(TaskKind::ClaimFromCarrier, &id, now);
            }
            Act::ClaimFromIntruder | Act::WriteOff => parcel.stage = Stage::ClaimOpen,
        }
        Ok(())
    }

    pub(super) fn goods(
        &mut self,
        command: &Command,
        now: Micros,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refused> {
        match command {
            Command::Seen(id, state) => self.seen(id, *state, now, actions),
            Command::Cancelled(id) => self.cancelled(id),
            Command::Intercept(id, to) => self.intercept(id, asked(*to), now, actions),
            Command::Carrier(id, command) => self.intercept(id, *command, now, actions),
            Command::Seller(id, command) => self.seller(id, *command, now),
            Command::Received(id, amount) => self.received(id, *amount),
            Command::Code(id, revoked) => self.code(id, *revoked),
            Command::CarrierPaid(id, amount) => self.carrier_paid(id, *amount),
            _ => Err(Refused::NotNow),
        }
    }

    /// What is due at `now`: every timer fires once and becomes a task.
    pub(super) fn tick(&mut self, now: Micros, actions: &mut Vec<Action>) -> Result<(), Refused> {
        let ids: Vec<String> = self.parcels.iter().map(|one| one.facts.id.clone()).collect();
        for id in ids {
            let parcel = self.parcel_mut(&id)?;
            let stage = parcel.stage;
            let overdue = parcel.due_at.is_some_and(|due| due <= now);
            if overdue {
                parcel.due_at = None;
            }
            match stage {
                Stage::Held if overdue => self.raise(TaskKind::CancelNotDone, &id, now),
                Stage::Revoking if overdue => self.raise(TaskKind::CodeNotRevoked, &id, now),
                Stage::Intercepting => {
                    self.intercept(&id, intercept::Command::Tick, now, actions)?;
                }
                Stage::ReturnRequested => self.seller(&id, seller_return::Command::Tick, now)?,
                _ => {}
            }
        }
        let silent = self.refunds.iter().filter(|one| {
            matches!(one.state, crate::refund::State::Submitted { .. })
                && one.due_at(super::PAYER_SILENT, now).is_some_and(|due| due <= now)
                && !self.was_raised(TaskKind::PayerSilent, &one.key)
        });
        for key in silent.map(|one| one.key.clone()).collect::<Vec<_>>() {
            self.raise(TaskKind::PayerSilent, &key, now);
        }
        self.remind(now, actions);
        Ok(())
    }

    pub(super) fn parcel(&self, id: &str) -> Result<&Parcel, Refused> {
        self.parcels.iter().find(|parcel| parcel.facts.id == id).ok_or(Refused::Unknown)
    }

    pub(super) fn parcel_mut(&mut self, id: &str) -> Result<&mut Parcel, Refused> {
        self.parcels.iter_mut().find(|parcel| parcel.facts.id == id).ok_or(Refused::Unknown)
    }

    fn place(&self, id: &str) -> Result<usize, Refused> {
        self.parcels.iter().position(|parcel| parcel.facts.id == id).ok_or(Refused::Unknown)
    }

    /// A parcel turned up elsewhere: a race that was lost, a scan, a loss.
    fn seen(
        &mut self,
        id: &str,
        state: State,
        now: Micros,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refused> {
        let place = self.place(id)?;
        let parcel = self.parcel(id)?;
        if parcel.facts.state == state {
            return Ok(());
        }
        let moves = match (parcel.stage, state) {
            (Stage::Intercepting, State::Delivered) => {
                return self.intercept(id, intercept::Command::Delivered, now, actions);
            }
            (Stage::Held, State::InTransit | State::Delivered)
            | (Stage::ReturnRequested, State::Returned | State::Lost)
            | (Stage::Intercepting, State::Returned | State::RefusedAtDoor | State::Lost) => true,
            _ => false,
        };
        if !moves {
            return Err(Refused::NotNow);
        }
        self.parcel_mut(id)?.facts.state = state;
        self.begin(place, now, actions)
    }

    fn cancelled(&mut self, id: &str) -> Result<(), Refused> {
        let parcel = self.parcel_mut(id)?;
        match parcel.stage {
            Stage::Held | Stage::Resolved(End::Cancelled) => {
                (parcel.stage, parcel.due_at) = (Stage::Resolved(End::Cancelled), None);
                Ok(())
            }
            _ => Err(Refused::NotNow),
        }
    }

    fn intercept(
        &mut self,
        id: &str,
        command: intercept::Command,
        now: Micros,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refused> {
        let place = self.place(id)?;
        let parcel = self.parcel_mut(id)?;
        let Some(before) = parcel.intercept else { return Err(Refused::NotNow) };
        let (next, action) = before.next(command, now).map_err(|refused| match refused {
            intercept::Refused::NotToSender => Refused::NotToSender,
            intercept::Refused::NotNow => Refused::NotNow,
        })?;
        parcel.intercept = Some(next);
        let (stage, reached) = (parcel.stage, next.state != before.state);
        let kind = match action {
            Some(intercept::Action::Ask(through)) => {
                actions.push(Action::Intercept(id.to_owned(), through));
                (through == Through::Phone).then_some(TaskKind::CallCarrier)
            }
            Some(intercept::Action::Phone) if next.through == Through::Seller => {
                Some(TaskKind::CallSeller)
            }
            Some(intercept::Action::Phone) => Some(TaskKind::CallCarrier),
            Some(intercept::Action::Chase) => Some(TaskKind::ChaseCarrier),
            Some(intercept::Action::Trace) => Some(TaskKind::TraceParcel),
            None => None,
        };
        if let Some(kind) = kind {
            self.raise(kind, id, now);
        }
        let to = match next.state {
            intercept::State::Returned => State::Returned,
            intercept::State::TooLate => State::Delivered,
            _ => return Ok(()),
        };
        if reached && stage == Stage::Intercepting {
            self.parcel_mut(id)?.facts.state = to;
            self.begin(place, now, actions)?;
        }
        Ok(())
    }

    fn ask_seller(
        &mut self,
        place: usize,
        now: Micros,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refused> {
        let parcel = self.parcels.get_mut(place).ok_or(Refused::Unknown)?;
        let request = SellerReturn::requested(now);
        (parcel.stage, parcel.due_at) = (Stage::ReturnRequested, None);
        parcel.seller_return = Some(request);
        actions.push(Action::AskSeller(parcel.facts.id.clone(), request.due_at));
        Ok(())
    }

    fn seller(
        &mut self,
        id: &str,
        command: seller_return::Command,
        now: Micros,
    ) -> Result<(), Refused> {
        use seller_return::State as S;
        let parcel = self.parcel_mut(id)?;
        let open = matches!(parcel.stage, Stage::ReturnRequested | Stage::ClaimOpen);
        let Some(before) = parcel.seller_return else { return Err(Refused::NotNow) };
        let next = before.next(command, now).ok_or(Refused::NotNow)?;
        if !open {
            return if next == before { Ok(()) } else { Err(Refused::NotNow) };
        }
        parcel.seller_return = Some(next);
        match next.state {
            S::Refused | S::Silent if parcel.stage == Stage::ReturnRequested => {
                parcel.stage = Stage::ClaimOpen;
                if next.state == S::Silent {
                    self.raise(TaskKind::SellerSilent, id, now);
                }
                Ok(())
            }
            S::Agreed { amount } if !(0..=self.total()).contains(&amount) => {
                Err(Refused::AboveCaptured)
            }
            S::Received { amount } => self.goods_back(id, amount),
            _ => Ok(()),
        }
    }

    fn received(&mut self, id: &str, amount: i64) -> Result<(), Refused> {
        match self.parcel(id)?.stage {
            Stage::CheckingReceipt => self.goods_back(id, amount),
            Stage::Resolved(End::GoodsBack) => Ok(()),
            _ => Err(Refused::NotNow),
        }
    }

    /// The goods are there; a seller bears no more than was booked for them.
    fn goods_back(&mut self, id: &str, amount: i64) -> Result<(), Refused> {
        if amount < 0 || (amount > 0 && self.parcel(id)?.facts.seller.is_none()) {
            return Err(Refused::NotNow);
        }
        self.unclaim(id)?;
        let amount = amount.min(self.booked(id));
        if amount > 0 {
            let happened = Happened::GoodsBack { borne_by: self.right.borne_by, amount };
            self.post(&self.key("goods_back", id), happened)?;
        }
        self.end(id, End::GoodsBack)
    }

    fn code(&mut self, id: &str, revoked: bool) -> Result<(), Refused> {
        let parcel = self.parcel_mut(id)?;
        let command =
            if revoked { gift_code::Command::Revoked } else { gift_code::Command::Redeemed };
        let Some(code) = parcel.code.and_then(|code| code.next(command)) else {
            return Err(Refused::NotNow);
        };
        parcel.code = Some(code);
        if parcel.stage != Stage::Revoking {
            return Ok(());
        }
        if revoked {
            return self.end(id, End::Revoked);
        }
        (parcel.stage, parcel.due_at) = (Stage::ClaimOpen, None);
        Ok(())
    }

    fn carrier_paid(&mut self, id: &str, amount: i64) -> Result<(), Refused> {
        match self.parcel(id)?.stage {
            Stage::ClaimingFromCarrier if amount == 0 => {
                let parcel = self.parcel_mut(id)?;
                (parcel.stage, parcel.due_at) = (Stage::ClaimOpen, None);
                Ok(())
            }
            Stage::ClaimingFromCarrier => {
                let happened = Happened::CarrierPaid { borne_by: self.right.borne_by, amount };
                self.post(&self.key("carrier_paid", id), happened)?;
                self.end(id, End::PaidByCarrier)
            }
            Stage::Resolved(End::PaidByCarrier) => Ok(()),
            Stage::ClaimOpen if amount == 0 => Ok(()),
            _ => Err(Refused::NotNow),
        }
    }

    fn end(&mut self, id: &str, end: End) -> Result<(), Refused> {
        let parcel = self.parcel_mut(id)?;
        (parcel.stage, parcel.due_at) = (Stage::Resolved(end), None);
        self.finish(id);
        Ok(())
    }
}

fn through(parcel: &Parcel) -> Through {
    match (parcel.facts.seller.is_some(), parcel.by_program) {
        (true, _) => Through::Seller,
        (false, true) => Through::Carrier,
        (false, false) => Through::Phone,
    }
}

const fn asked(to: Destination) -> intercept::Command {
    intercept::Command::Request { to }
}
