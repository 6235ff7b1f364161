//! Counts that hold something back: sign-ins that failed (R43), text messages that cost (C6).

use domain::account::{self, restrict};
use domain::keyed::{AccountKey, Field};
use domain::observation::Country;
use domain::sms_budget::{Budget, Completion, Refused, Sent, Tally};
use domain::time::{DAY, HOUR, Micros};
use factors::phone::Phone;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Applied, Changes, DocumentKind, Put, StoreError};

use super::Members;
use crate::config::{BadSetting, Said};

/// Attempts kept of one account.
const ATTEMPTS_MAX: usize = 16;
/// Lost races until a count goes without: losing one is tolerable.
const TRIES_MAX: u32 = 4;

/// A count, in a document of its own.
#[derive(Default, Serialize, Deserialize)]
struct Count {
    /// When each was.
    at: Vec<Micros>,
}

/// The budget of texts that the settings name.
pub fn text_budget(said: &Said) -> Result<Budget, BadSetting> {
    let country = |code: &str| {
        let letters: Option<[u8; 2]> = code.trim().as_bytes().try_into().ok();
        letters
            .filter(|letters| letters.iter().all(u8::is_ascii_uppercase))
            .map(Country)
            .ok_or_else(|| said.bad("sms-countries", "two capitals a country, such as JP"))
    };
    let percent: u32 = said.parsed("sms-completion-min")?;
    if percent > 100 {
        return Err(said.bad("sms-completion-min", "0 to 100"));
    }
    Ok(Budget {
        number_max: said.parsed("sms-per-number")?,
        prefix_max: said.parsed("sms-per-prefix")?,
        country_max: said.parsed("sms-per-country")?,
        ip_max: said.parsed("sms-per-ip")?,
        day_max: said.parsed("sms-per-day")?,
        countries: said.text("sms-countries").split(',').map(country).collect::<Result<_, _>>()?,
        completion_percent_min: percent,
        ..Budget::default()
    })
}

impl Members {
    /// Takes down a try to sign in; `unusual` for one from a device unknown to the account that
    /// failed or was challenged. Says whether such tries are now reason to restrict (R43). Writes
    /// as much for a usual try and for nobody's account.
    pub async fn note_attempt(
        &self,
        account: AccountKey,
        unusual: bool,
    ) -> Result<bool, StoreError> {
        let now = self.world.now();
        let recent = |at: &Micros| now.since(*at) < HOUR;
        let at = self
            .counted(DocumentKind::Attempts, account.0, now.plus(HOUR), |Count { at }| {
                at.retain(recent);
                if unusual {
                    at.push(now);
                }
                let over = at.len().saturating_sub(ATTEMPTS_MAX);
                at.drain(..over);
            })
            .await?
            .at;
        let unseen =
            |at: &Micros| account::Attempt { at: *at, place_seen_at: None, device_seen_at: None };
        Ok(unusual && restrict(&at.iter().map(unseen).collect::<Vec<_>>(), now))
    }

    /// Whether `what` may be done once more within an hour for `account`, and counts it: nobody's
    /// mailbox is flooded by us (X4).
    pub async fn may(
        &self,
        what: &'static str,
        account: AccountKey,
        most: usize,
    ) -> Result<bool, StoreError> {
        let now = self.world.now();
        let id = self.budget_id(&(what, format!("{:032x}", account.0)));
        let within = self.count_of(id).await?.iter().filter(|at| now.since(**at) < HOUR).count();
        self.count(id, now).await?;
        Ok(within < most)
    }

    /// How often `what` was done to `number` within a day, and the count with once more: written in
    /// the transaction of what is counted, so that two at once are never counted as one.
    pub async fn one_more_today(
        &self,
        what: &'static str,
        number: &str,
    ) -> Result<(usize, Put), StoreError> {
        let now = self.world.now();
        let id = self.budget_id(&(what, number.to_owned()));
        let document = self.store.document(DocumentKind::Budget, id).await?;
        let seen = document.as_ref().map(|document| document.version);
        let read = document.and_then(|kept| serde_json::from_slice::<Count>(&kept.body).ok());
        let mut at = read.unwrap_or_default().at;
        at.retain(|at| now.since(*at) < DAY);
        let within = at.len();
        at.push(now);
        let put = Put {
            kind: DocumentKind::Budget,
            id,
            account: None,
            seen,
            state: 0,
            rank: 0,
            due_at: None,
            expires_at: Some(now.plus(DAY)),
            body: serde_json::to_vec(&Count { at }).unwrap_or_default(),
            names: None,
        };
        Ok((within, put))
    }

    /// Whether one more text message may go to `number` on behalf of `ip`, and counts it if so.
    pub async fn spend_text(
        &self,
        number: &Phone,
        ip: &str,
    ) -> Result<Result<(), Refused>, StoreError> {
        let now = self.world.now();
        let country = number.country();
        let keys = [
            ("number", number.e164().to_owned()),
            ("prefix", number.prefix().to_owned()),
            ("country", String::from_utf8_lossy(&country.0).into_owned()),
            ("ip", ip.to_owned()),
            ("day", String::new()),
        ];
        let mut counts = [0; 5];
        for (count, key) in counts.iter_mut().zip(&keys) {
            *count = self.tally_of(self.text_id(key)).await?.within_a_day(now);
        }
        let [to_number, prefix, to_country, from_ip, day] = counts;
        let sent = Sent { number: to_number, prefix, country: to_country, ip: from_ip, day };
        let completion = self.completion(country, now).await?;
        let allowed = self.budget.allows(country, &sent, completion);
        if allowed.is_ok() {
            for key in &keys {
                self.tally(self.text_id(key)).await?;
            }
        }
        Ok(allowed)
    }

    /// A text to this number was answered with the right code.
    pub async fn text_was_answered(&self, number: &Phone) -> Result<(), StoreError> {
        let country = String::from_utf8_lossy(&number.country().0).into_owned();
        self.tally(self.text_id(&("answered", country))).await
    }

    /// Of the texts to a country that are old enough to have been answered, how many were.
    async fn completion(&self, country: Country, now: Micros) -> Result<Completion, StoreError> {
        let country = String::from_utf8_lossy(&country.0).into_owned();
        let sent = self.tally_of(self.text_id(&("country", country.clone()))).await?;
        let answered = self.tally_of(self.text_id(&("answered", country))).await?;
        let due = sent.older_than(domain::challenge::LIFE, now);
        Ok(Completion { due, completed: answered.within_a_day(now) })
    }

    fn text_id(&self, (kind, value): &(&str, String)) -> u128 {
        self.hasher.wide(Field::Other, format!("texts\0{kind}\0{value}").as_bytes())
    }

    async fn tally_of(&self, id: u128) -> Result<Tally, StoreError> {
        let document = self.store.document(DocumentKind::Budget, id).await?;
        let read = document.and_then(|document| serde_json::from_slice(&document.body).ok());
        Ok(read.unwrap_or_default())
    }

    async fn tally(&self, id: u128) -> Result<(), StoreError> {
        let now = self.world.now();
        let expires_at = now.plus(DAY);
        let add = |tally: &mut Tally| tally.add(now);
        self.counted(DocumentKind::Budget, id, expires_at, add).await.map(drop)
    }

    fn budget_id(&self, (kind, value): &(&str, String)) -> u128 {
        self.hasher.wide(Field::Other, format!("budget\0{kind}\0{value}").as_bytes())
    }

    async fn count_of(&self, id: u128) -> Result<Vec<Micros>, StoreError> {
        let document = self.store.document(DocumentKind::Budget, id).await?;
        let read =
            document.and_then(|document| serde_json::from_slice::<Count>(&document.body).ok());
        Ok(read.unwrap_or_default().at)
    }

    async fn count(&self, id: u128, now: Micros) -> Result<(), StoreError> {
        // Beyond the largest limit nothing more need be told apart.
        const MOST: usize = 100;
        let add = |count: &mut Count| {
            count.at.retain(|at| now.since(*at) < DAY);
            count.at.push(now);
            let over = count.at.len().saturating_sub(MOST);
            count.at.drain(..over);
        };
        self.counted(DocumentKind::Budget, id, now.plus(DAY), add).await.map(drop)
    }

    /// Changes a count, again where somebody else was first.
    async fn counted<C: Default + Serialize + DeserializeOwned>(
        &self,
        kind: DocumentKind,
        id: u128,
        expires_at: Micros,
        change: impl Fn(&mut C),
    ) -> Result<C, StoreError> {
        let now = self.world.now();
        let mut count = C::default();
        for _ in 0..TRIES_MAX {
            let document = self.store.document(kind, id).await?;
            let seen = document.as_ref().map(|document| document.version);
            let read = document.and_then(|kept| serde_json::from_slice(&kept.body).ok());
            count = read.unwrap_or_default();
            change(&mut count);
            let put = Put {
                kind,
                id,
                account: None,
                seen,
                state: 0,
                rank: 0,
                due_at: None,
                expires_at: Some(expires_at),
                body: serde_json::to_vec(&count).unwrap_or_default(),
                names: None,
            };
            let changes = Changes { puts: vec![put], ..Changes::default() };
            if self.store.apply(&changes, now).await? == Applied::Done {
                break;
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::config::Source;

    #[test]
    fn c6_the_settings_are_the_budget() {
        assert_eq!(text_budget(&Said::defaults()).unwrap(), Budget::default());
        let said = |name, value| Said::defaults().with(name, value, Source::Flag);
        let wider = text_budget(&said("sms-countries", "JP, KR")).unwrap();
        assert_eq!(wider.countries, [Country(*b"JP"), Country(*b"KR")]);
        assert_eq!(text_budget(&said("sms-per-day", "70000")).unwrap().day_max, 70_000);
        for (name, value) in [
            ("sms-countries", "Japan"),
            ("sms-countries", "jp"),
            ("sms-per-day", "-1"),
            ("sms-completion-min", "101"),
        ] {
            let bad = text_budget(&said(name, value)).unwrap_err();
            assert!(bad.to_string().contains(name), "{bad}");
        }
    }
}
