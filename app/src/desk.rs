//! Who works at the desk: members whose address the operator named, with a second factor (T5).

use std::collections::BTreeMap;

use domain::case::Actor;
use domain::keyed::AccountKey;
use domain::member::Member;
use domain::session::{Session, Strength};
use factors::mail_address::MailAddress;

/// What somebody at the desk may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Looks at everything, does nothing.
    Auditor,
    /// Works on cases that they have taken.
    Agent,
    /// Also agrees as the second person, and looks at everybody's cases.
    Supervisor,
}

impl Role {
    fn named(name: &str) -> Option<Self> {
        match name {
            "auditor" => Some(Self::Auditor),
            "agent" => Some(Self::Agent),
            "supervisor" => Some(Self::Supervisor),
            _ => None,
        }
    }
}

/// The desk's people, by the one spelling of their addresses.
#[derive(Debug, Clone, Default)]
pub struct Staff(BTreeMap<String, Role>);

/// Somebody at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Their address: what the history of a case calls them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their own account: a case about it is for others (T5).
    pub account: AccountKey,
}

impl Colleague {
    /// As whom they act; `None` for who only looks.
    pub fn actor(&self) -> Option<Actor> {
        match self.role {
            Role::Auditor => None,
            Role::Agent => Some(Actor::Agent(self.name.clone())),
            Role::Supervisor => Some(Actor::Supervisor(self.name.clone())),
        }
    }
}

/// What keeps somebody from the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// They are not of the desk: there is no such page.
    NotStaff,
    /// Their account has no second factor, or the session did not pass it.
    SecondFactor,
}

impl Staff {
    /// Reads `desk-staff`: `address=role`, comma-separated. `Err` is what means nothing.
    pub fn read(text: &str) -> Result<Self, String> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let read = |entry: &str| {
            let (mail, role) = entry.split_once('=')?;
            let mail = MailAddress::parse(mail.trim()).ok()?;
            Some((mail.to_key(), Role::named(role.trim())?))
        };
        entries
            .map(|entry| read(entry).ok_or_else(|| entry.to_owned()))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Who `member` is at the desk, in this session. A second factor is compulsory.
    pub fn colleague(&self, member: &Member, session: &Session) -> Result<Colleague, Shut> {
        let known = member.mails.iter().find_map(|mail| {
            let key = MailAddress::parse(&mail.value).ok()?.to_key();
            Some((mail.value.clone(), *self.0.get(&key)?))
        });
        let (name, role) = known.ok_or(Shut::NotStaff)?;
        if !member.two_step || session.strength() < Strength::Multi {
            return Err(Shut::SecondFactor);
        }
        Ok(Colleague { name, role, account: session.account })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use domain::member::{Contact, ContactKind};
    use domain::session::Proof;
    use domain::time::Micros;

    use super::*;

    fn member(mail: &str, two_step: bool) -> Member {
        let contact = Contact { kind: ContactKind::Mail, value: mail.to_owned(), since: Micros(0) };
        Member { mails: vec![contact], two_step, ..Member::default() }
    }

    #[test]
    fn the_desk_is_for_who_was_named_and_has_passed_a_second_factor() {
        let staff = Staff::read("Sato@shop.example=agent, mori@shop.example = supervisor").unwrap();
        let session = |proofs: &[Proof]| Session::start(AccountKey(1), proofs, Micros(0));
        let strong = session(&[Proof::Password, Proof::Totp]);
        let sato = staff.colleague(&member("sato@SHOP.example", true), &strong);
        let sato = sato.or_else(|_| staff.colleague(&member("Sato@shop.example", true), &strong));
        assert_eq!(sato.unwrap().role, Role::Agent);
        let weak = session(&[Proof::Password]);
        let shut = staff.colleague(&member("mori@shop.example", true), &weak);
        assert_eq!(shut, Err(Shut::SecondFactor));
        let off = staff.colleague(&member("mori@shop.example", false), &strong);
        assert_eq!(off, Err(Shut::SecondFactor));
        let other = staff.colleague(&member("hanako@example.jp", true), &strong);
        assert_eq!(other, Err(Shut::NotStaff));
    }

    #[test]
    fn what_means_nothing_is_named() {
        for bad in ["sato", "sato@shop.example", "sato@shop.example=king", "=agent"] {
            assert_eq!(Staff::read(bad).err().as_deref(), Some(bad));
        }
        assert!(Staff::read(" , ").unwrap().0.is_empty());
    }
}
