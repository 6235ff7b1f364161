//! Who is told of a call-back: its owner in the case's thread and by text message, the desk's people
//! by webhook. The thread is the place to look: a text message carries no more than that there is
//! something to read (C11).

use domain::callback::{Alert, SLOT, Wish};
use domain::notice::Channel;
use factors::phone::Phone;
use serde_json::json;
use store::{Changes, OutboxRow, StoreError};

use super::{Case, Numbered};
use crate::gateways::Letter;
use crate::http::House;
use crate::notices::Holder;
use crate::text::{Language, text};
use crate::time::{in_japan, show};
use crate::webhooks::Kind;

/// Words that are written to who asked.
#[cfg(test)]
pub(crate) const KEYS: [&str; 4] = [
    "callback-sms-reminder",
    "callback-sms-unanswered",
    "callback-unanswered",
    "callback-nobody-there",
];

const fn language_of(english: bool) -> Language {
    if english { Language::English } else { Language::Japanese }
}

impl House {
    /// A text message before a slot (R22), where the number takes any.
    pub(super) async fn remind(
        &self,
        one: &Numbered,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        let Wish::Slot { from } = one.kept.callback.wish else { return Ok(()) };
        let at = in_japan(language_of(one.kept.english), from);
        let values = [("at", at.as_str())];
        let row = self.text_to(one, "callback-sms-reminder", &values, from.plus(SLOT)).await?;
        changes.outbox.extend(row);
        Ok(())
    }

    pub(super) async fn tell_unanswered(
        &self,
        case: &mut Case,
        one: &Numbered,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        self.say_in_thread(case, "callback-unanswered");
        let until = self.world.now().plus(domain::time::DAY);
        let row = self.text_to(one, "callback-sms-unanswered", &[], until).await?;
        changes.outbox.extend(row);
        Ok(())
    }

    pub(super) fn tell_nobody_there(&self, case: &mut Case) {
        self.say_in_thread(case, "callback-nobody-there");
    }

    fn say_in_thread(&self, case: &mut Case, key: &str) {
        let words = text().say(language_of(case.kept.english), key);
        let store = self.config.said.text("store-name").to_owned();
        case.say(Some(&store), &words, self.world.now());
    }

    /// Within the budget of text messages, and to mobiles alone (C6).
    async fn text_to(
        &self,
        one: &Numbered,
        key: &str,
        more: &[(&str, &str)],
        not_after: domain::time::Micros,
    ) -> Result<Option<(Option<Holder>, OutboxRow)>, StoreError> {
        let Ok(phone) = Phone::parse(&one.kept.number) else { return Ok(None) };
        let takes = phone.can_receive_sms() && self.notices.offered.contains(&Channel::Sms);
        if !takes {
            return Ok(None);
        }
        if let Err(refused) = self.members.spend_text(&phone, &one.kept.number).await? {
            tracing::warn!(?refused, "a text message about a call-back was not sent");
            return Ok(None);
        }
        let language = language_of(one.kept.english);
        let store = self.config.said.text("store-name");
        let values = [&[("store", store)], more].concat();
        let letter = Letter {
            channel: Channel::Sms,
            to: one.kept.number.clone(),
            subject: String::new(),
            text: text().tell(language, key, &values),
            language,
            not_after: Some(not_after),
        };
        Ok(Some((one.holder(), letter.row(&self.world))))
    }

    /// Whoever runs the desk hears that a promise is broken (R28): with ids, and without the number.
    pub(super) fn tell_desk(&self, one: &Numbered, alert: Alert, changes: &mut Changes) {
        let data = json!({
            "callback_id": crate::id::show("cbk", one.id),
            "case_id": crate::id::show("cas", one.kept.case),
            "account_id": one.kept.account_name,
            "agent": one.kept.callback.agent,
            "why": alert,
            "promised_at": show(one.kept.callback.promised()),
        });
        let rows = self.subscribers.told(Kind::CallbackOverdue, &data, &self.world);
        changes.outbox.extend(rows.into_iter().map(|row| (one.holder(), row)));
    }
}
