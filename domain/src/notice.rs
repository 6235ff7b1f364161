//! A notice: one thing the owner is told, in the message centre and by more than one channel.
//!
//! The message centre cannot be flooded from outside (X4), so it always has the notice; mail and
//! text message carry it at once (R3); while it is urgent and unread, the next channel follows.

use serde::{Deserialize, Serialize};

use crate::member::{Contact, ContactKind, Telling, Topic};
use crate::time::{MINUTE, Micros};

/// How long an urgent notice may stay unread before the next channel is used (R3).
pub const UNREAD_MAX: i64 = 30 * MINUTE;

/// A way to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail.
    Mail,
    /// A text message.
    Sms,
    /// A call that reads the text out.
    Voice,
}

impl Channel {
    /// Every way, in the order in which they are used.
    pub const ALL: [Self; 3] = [Self::Mail, Self::Sms, Self::Voice];

    /// What it reaches.
    pub const fn reaches(self) -> ContactKind {
        match self {
            Self::Mail => ContactKind::Mail,
            Self::Sms | Self::Voice => ContactKind::Phone,
        }
    }
}

/// What the owner says of what was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// これは私です
    Mine,
    /// 心当たりがない
    NotMine,
}

/// One thing told to one member.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// About what.
    pub topic: Topic,
    /// Since when there is something to tell.
    pub at: Micros,
    /// The risk is high: silence is not taken for an answer.
    pub urgent: bool,
    /// Who is told outside the message centre.
    pub to: Vec<Contact>,
    /// Of these, who is given the code to undo it.
    pub undo_to: Vec<Contact>,
    /// Channels used so far.
    pub used: Vec<Channel>,
    /// When it was read in the message centre.
    pub read_at: Option<Micros>,
    /// What the owner said.
    pub reply: Option<Reply>,
}

/// Words that leave now.
#[derive(Clone, PartialEq, Eq)]
pub struct Sending {
    /// By which way.
    pub channel: Channel,
    /// To whom.
    pub to: Contact,
    /// With the code to undo it.
    pub with_undo: bool,
}

impl Notice {
    /// A notice of `telling`, and what leaves at once: by mail and by text message.
    pub fn open(
        telling: Telling,
        urgent: bool,
        offered: &[Channel],
        now: Micros,
    ) -> (Self, Vec<Sending>) {
        let Telling { topic, to, undo_to } = telling;
        let mut notice = Self {
            topic,
            at: now,
            urgent,
            to,
            undo_to,
            used: Vec::new(),
            read_at: None,
            reply: None,
        };
        let mut sendings = Vec::new();
        for channel in [Channel::Mail, Channel::Sms] {
            sendings.extend(notice.by(channel, offered));
        }
        (notice, sendings)
    }

    /// When the next channel follows, if nobody reads it; `None` when none does.
    pub fn due(&self, offered: &[Channel]) -> Option<Micros> {
        let waits = self.urgent && self.read_at.is_none() && self.reply.is_none();
        (waits && self.next_channel(offered).is_some()).then(|| self.at.plus(UNREAD_MAX))
    }

    /// The next channel, if its time has come.
    pub fn escalate(&mut self, offered: &[Channel], now: Micros) -> Vec<Sending> {
        if self.due(offered).is_none_or(|due| now < due) {
            return Vec::new();
        }
        let next = self.next_channel(offered);
        next.map(|channel| self.by(channel, offered)).unwrap_or_default()
    }

    /// The owner has seen it in the message centre.
    pub fn read(&mut self, now: Micros) {
        self.read_at.get_or_insert(now);
    }

    /// The owner says whether it was theirs. The first word stays, except that "not mine" may still
    /// be said.
    pub fn answer(&mut self, reply: Reply, now: Micros) {
        self.read(now);
        if self.reply != Some(Reply::NotMine) {
            self.reply = Some(reply);
        }
    }

    fn next_channel(&self, offered: &[Channel]) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| {
            let reaches = |to: &Contact| to.kind == channel.reaches();
            offered.contains(channel) && !self.used.contains(channel) && self.to.iter().any(reaches)
        })
    }

    /// To everybody whom `channel` reaches; nobody where it is not offered.
    fn by(&mut self, channel: Channel, offered: &[Channel]) -> Vec<Sending> {
        if !offered.contains(&channel) || self.used.contains(&channel) {
            return Vec::new();
        }
        let reached = self.to.iter().filter(|to| to.kind == channel.reaches());
        let sending = |to: &Contact| Sending {
            channel,
            to: to.clone(),
            with_undo: self.undo_to.contains(to),
        };
        let sendings: Vec<_> = reached.map(sending).collect();
        if !sendings.is_empty() {
            self.used.push(channel);
        }
        sendings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    const NOW: Micros = Micros(1_000_000 * SECOND);

    fn contact(kind: ContactKind, value: &str) -> Contact {
        Contact { kind, value: value.to_owned(), since: Micros(0) }
    }

    fn telling() -> Telling {
        let (old, new) = (
            contact(ContactKind::Mail, "old@example.jp"),
            contact(ContactKind::Mail, "x@a.example"),
        );
        let phone = contact(ContactKind::Phone, "+819012345678");
        Telling {
            topic: Topic::MailChanged,
            to: vec![old.clone(), phone.clone(), new],
            undo_to: vec![old, phone],
        }
    }

    fn named(sendings: &[Sending]) -> Vec<(Channel, &str, bool)> {
        sendings.iter().map(|one| (one.channel, one.to.value.as_str(), one.with_undo)).collect()
    }

    #[test]
    fn r3_two_channels_at_once_and_the_next_after_half_an_hour_unread() {
        let (mut notice, sendings) = Notice::open(telling(), true, &Channel::ALL, NOW);
        assert_eq!(
            named(&sendings),
            [
                (Channel::Mail, "old@example.jp", true),
                (Channel::Mail, "x@a.example", false),
                (Channel::Sms, "+819012345678", true),
            ]
        );
        assert!(notice.escalate(&Channel::ALL, NOW.plus(UNREAD_MAX - 1)).is_empty());
        let next = notice.escalate(&Channel::ALL, NOW.plus(UNREAD_MAX));
        assert_eq!(named(&next), [(Channel::Voice, "+819012345678", true)]);
        assert_eq!(notice.due(&Channel::ALL), None, "there is no further channel");
        assert!(notice.escalate(&Channel::ALL, NOW.plus(9 * UNREAD_MAX)).is_empty());
    }

    #[test]
    fn what_is_read_or_not_urgent_is_not_followed_up() {
        let (calm, _) = Notice::open(telling(), false, &Channel::ALL, NOW);
        assert_eq!(calm.due(&Channel::ALL), None);
        let (mut read, _) = Notice::open(telling(), true, &Channel::ALL, NOW);
        read.read(NOW.plus(SECOND));
        assert!(read.escalate(&Channel::ALL, NOW.plus(UNREAD_MAX)).is_empty());
    }

    #[test]
    fn without_a_gateway_for_text_messages_a_call_is_next() {
        let offered = [Channel::Mail, Channel::Voice];
        let (mut notice, sendings) = Notice::open(telling(), true, &offered, NOW);
        assert!(sendings.iter().all(|one| one.channel == Channel::Mail));
        let next = notice.escalate(&offered, NOW.plus(UNREAD_MAX));
        assert_eq!(named(&next), [(Channel::Voice, "+819012345678", true)]);
    }

    #[test]
    fn not_mine_may_be_said_after_mine_but_not_taken_back() {
        let (mut notice, _) = Notice::open(telling(), true, &Channel::ALL, NOW);
        notice.answer(Reply::Mine, NOW);
        notice.answer(Reply::NotMine, NOW);
        notice.answer(Reply::Mine, NOW);
        assert_eq!(notice.reply, Some(Reply::NotMine));
        assert_eq!(notice.read_at, Some(NOW));
    }
}
