//! Refunds and claims, with their postings. A posting's key is made of what it is about, so that
//! the same again is not posted twice.

use super::{Action, Approval, Refused, Restitution, TaskKind};
use crate::case::Actor;
use crate::ledger::Happened;
use crate::parcel::{End, Stage};
use crate::refund::{Command, Path, Refund, Settled, State};
use crate::time::Micros;

impl Restitution {
    /// Everything that is to go back.
    pub fn total(&self) -> i64 {
        self.refunds.iter().map(|refund| refund.amount).sum()
    }

    /// Enough persons agreed: one, and above the limit two of whom one supervises (T5).
    pub fn is_approved(&self) -> bool {
        let needed = if self.total() > self.second_person_above { 2 } else { 1 };
        let supervised = needed == 1 || self.approvals.iter().any(|one| one.supervises);
        self.approvals.len() >= needed && supervised
    }

    /// What the intruder owes for a parcel, in minor units (R32).
    pub fn receivable(&self, parcel: &str) -> i64 {
        let claims = self.of_parcel(parcel).map(|one| self.ledger.standing(&claim_key(one)));
        let fee = self.ledger.standing(&self.key("fee", parcel));
        let given_up: i64 = self.write_offs(parcel).map(|key| self.ledger.standing(&key)).sum();
        claims.sum::<i64>() + fee - given_up
    }

    pub(super) fn approve(
        &mut self,
        by: &Actor,
        now: Micros,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refused> {
        let (name, supervises) = match by {
            Actor::Agent(name) => (name, false),
            Actor::Supervisor(name) => (name, true),
            Actor::Reporter | Actor::System => return Err(Refused::NeedsAgent),
        };
        if self.approvals.iter().any(|one| one.by == *name) || self.is_approved() {
            return Ok(());
        }
        self.approvals.push(Approval { by: name.clone(), supervises, at: now });
        if !self.is_approved() {
            return Ok(());
        }
        for place in 0..self.refunds.len() {
            let Some(refund) = self.refunds.get(place).cloned() else { continue };
            self.change(&refund, Command::Approve, now)?;
            let borne_by = self.right.borne_by;
            let approved = Happened::Approved { borne_by, amount: refund.amount };
            self.post(&format!("approved:{}", refund.key), approved)?;
            actions.push(Action::Pay(refund.key));
        }
        Ok(())
    }

    pub(super) fn submit(
        &mut self,
        key: &str,
        disputed: bool,
        now: Micros,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refused> {
        let refund = self.refund(key)?.clone();
        let payment = self.payments.iter().find(|one| one.id == refund.payment);
        let payment = payment.ok_or(Refused::Unknown)?;
        let others = self.refunds.iter().filter(|one| one.payment == payment.id);
        let others = others.filter(|one| one.key != refund.key && one.counts());
        let sum: i64 = others.map(|one| one.amount).sum();
        if payment.refunded + sum + refund.amount > payment.captured {
            return Err(Refused::AboveCaptured);
        }
        let next = self.change(&refund, Command::Submit { disputed }, now)?;
        if next == refund {
            return Ok(());
        }
        if matches!(next.state, State::Submitted { .. }) {
            actions.push(Action::Refund(refund.key));
            return Ok(());
        }
        self.settled_by_issuer(&refund)
    }

    pub(super) fn settle(
        &mut self,
        key: &str,
        settled: Settled,
        reference: Option<&str>,
        now: Micros,
    ) -> Result<(), Refused> {
        let refund = self.refund(key)?.clone();
        let next = self.change(&refund, Command::Settle(settled), now)?;
        if let Some(reference) = reference {
            self.refer(key, reference)?;
        }
        if next == refund {
            return Ok(());
        }
        if matches!(next.state, State::Succeeded | State::SettledByIssuer) {
            self.finish(key);
        }
        match next.state {
            State::Succeeded => {
                let payment = self.payments.iter().find(|one| one.id == refund.payment);
                let way = payment.map_or(Path::ByHand, |one| Path::of(one.kind)).way();
                self.post(&format!("paid:{key}"), Happened::Paid { way, amount: refund.amount })
            }
            State::SettledByIssuer => self.settled_by_issuer(&refund),
            State::FailedFinal => {
                self.raise(TaskKind::RefundByHand, key, now);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The first name that the payer gives it stays.
    pub(super) fn refer(&mut self, key: &str, reference: &str) -> Result<(), Refused> {
        let kept = self.refund_mut(key).ok_or(Refused::Unknown)?;
        kept.reference.get_or_insert_with(|| reference.to_owned());
        Ok(())
    }

    pub(super) fn reverse(&mut self, key: &str, now: Micros) -> Result<(), Refused> {
        let refund = self.refund(key)?.clone();
        let next = self.change(&refund, Command::Reverse, now)?;
        if next != refund {
            let (reversed, paid) = (format!("reversed:{key}"), format!("paid:{key}"));
            self.ledger = self.ledger.reverse(&reversed, &paid)?;
            self.raise(TaskKind::RefundByHand, key, now);
        }
        Ok(())
    }

    /// The carrier's bill for a return: the intruder owes it, once a parcel.
    pub(super) fn bill(&mut self, parcel: &str, amount: i64) -> Result<(), Refused> {
        let asked = self.parcel(parcel)?.intercept.is_some();
        let key = self.key("fee", parcel);
        let before = self.ledger.standing(&key);
        if !asked || (before != 0 && before != amount) {
            return Err(Refused::NotNow);
        }
        self.post(&key, Happened::FeeBilled { amount })
    }

    pub(super) fn write_off(&mut self, parcel: &str, by: &Actor) -> Result<(), Refused> {
        if !matches!(by, Actor::Supervisor(_)) {
            return Err(Refused::NeedsSupervisor);
        }
        let stage = self.parcel(parcel)?.stage;
        if !matches!(stage, Stage::ClaimOpen | Stage::Resolved(_)) {
            return Err(Refused::NotNow);
        }
        if !self.of_parcel(parcel).all(Refund::is_over) {
            return Err(Refused::RefundOpen);
        }
        let amount = self.receivable(parcel);
        if amount > 0 {
            let number = self.write_offs(parcel).count();
            let key = self.write_off_key(parcel, number);
            self.post(&key, Happened::WrittenOff { amount })?;
        }
        if stage == Stage::ClaimOpen {
            self.parcel_mut(parcel)?.stage = Stage::Resolved(End::WrittenOff);
        }
        Ok(())
    }

    /// What stands in the books as paid or owed for a parcel.
    pub(super) fn booked(&self, parcel: &str) -> i64 {
        self.of_parcel(parcel).filter(|one| one.is_booked()).map(|one| one.amount).sum()
    }

    /// Where a claim is open, everything booked for the parcel is claimed, once; what the issuer
    /// has paid is not.
    pub(super) fn claim_what_is_lost(&mut self) -> Result<(), Refused> {
        for refund in self.refunds.clone() {
            let lost = self.parcel(&refund.parcel)?.stage == Stage::ClaimOpen;
            let key = claim_key(&refund);
            if lost && refund.is_booked() {
                let borne_by = self.right.borne_by;
                self.post(&key, Happened::Claimed { borne_by, amount: refund.amount })?;
            } else if refund.state == State::SettledByIssuer && self.ledger.standing(&key) > 0 {
                self.ledger = self.ledger.reverse(&format!("un{key}"), &key)?;
            }
        }
        Ok(())
    }

    /// The goods came back after all: nothing is claimed for them any more.
    pub(super) fn unclaim(&mut self, parcel: &str) -> Result<(), Refused> {
        let keys: Vec<String> = self.of_parcel(parcel).map(claim_key).collect();
        for key in keys.into_iter().filter(|key| self.ledger.standing(key) > 0).collect::<Vec<_>>()
        {
            self.ledger = self.ledger.reverse(&format!("un{key}"), &key)?;
        }
        Ok(())
    }

    pub(super) fn post(&mut self, key: &str, happened: Happened) -> Result<(), Refused> {
        self.ledger = self.ledger.post(key, happened)?;
        Ok(())
    }

    pub(super) fn key(&self, what: &str, parcel: &str) -> String {
        format!("{what}:{}:{}:{parcel}", self.case, self.order)
    }

    fn settled_by_issuer(&mut self, refund: &Refund) -> Result<(), Refused> {
        let borne_by = self.right.borne_by;
        let settled = Happened::SettledByIssuer { borne_by, amount: refund.amount };
        self.post(&format!("settled:{}", refund.key), settled)
    }

    fn write_off_key(&self, parcel: &str, number: usize) -> String {
        format!("{}:{number}", self.key("write_off", parcel))
    }

    fn write_offs(&self, parcel: &str) -> impl Iterator<Item = String> {
        let keys = (0..).map(move |number| self.write_off_key(parcel, number));
        keys.take_while(|key| self.ledger.standing(key) > 0)
    }

    fn of_parcel(&self, parcel: &str) -> impl Iterator<Item = &Refund> {
        self.refunds.iter().filter(move |refund| refund.parcel == parcel)
    }

    fn refund(&self, key: &str) -> Result<&Refund, Refused> {
        self.refunds.iter().find(|refund| refund.key == key).ok_or(Refused::Unknown)
    }

    fn refund_mut(&mut self, key: &str) -> Option<&mut Refund> {
        self.refunds.iter_mut().find(|refund| refund.key == key)
    }

    fn change(
        &mut self,
        refund: &Refund,
        command: Command,
        now: Micros,
    ) -> Result<Refund, Refused> {
        let next = refund.next(command, now).ok_or(Refused::NotNow)?;
        if let Some(kept) = self.refund_mut(&refund.key) {
            kept.clone_from(&next);
        }
        Ok(next)
    }
}

fn claim_key(refund: &Refund) -> String {
    format!("claim:{}", refund.key)
}
