//! Counts that hold something back: sign-ins that failed (R43), text messages that cost (C6).

use domain::account::{self, restrict};
use domain::keyed::{AccountKey, Field};
use domain::observation::Country;
use domain::sms_budget::{Budget, Completion, Refused, Sent};
use domain::time::{DAY, HOUR, Micros};
use factors::phone::Phone;
use serde::{Deserialize, Serialize};
use store::{Applied, Changes, DocumentKind, Put, StoreError};

use super::Members;

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
            .counted(DocumentKind::Attempts, account.0, now.plus(HOUR), |at| {
                at.retain(recent);
                if unusual {
                    at.push(now);
                }
                let over = at.len().saturating_sub(ATTEMPTS_MAX);
                at.drain(..over);
            })
            .await?;
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
            let kept = self.count_of(self.budget_id(key)).await?;
            let within = kept.iter().filter(|at| now.since(**at) < DAY).count();
            *count = u32::try_from(within).unwrap_or(u32::MAX);
        }
        let [to_number, prefix, to_country, from_ip, day] = counts;
        let sent = Sent { number: to_number, prefix, country: to_country, ip: from_ip, day };
        let completion = self.completion(country, now).await?;
        let allowed = Budget::default().allows(country, &sent, completion);
        if allowed.is_ok() {
            for key in &keys {
                self.count(self.budget_id(key), now).await?;
            }
        }
        Ok(allowed)
    }

    /// A text to this number was answered with the right code.
    pub async fn text_was_answered(&self, number: &Phone) -> Result<(), StoreError> {
        let country = String::from_utf8_lossy(&number.country().0).into_owned();
        self.count(self.budget_id(&("answered", country)), self.world.now()).await
    }

    /// Of the texts to a country that are old enough to have been answered, how many were.
    async fn completion(&self, country: Country, now: Micros) -> Result<Completion, StoreError> {
        let country = String::from_utf8_lossy(&country.0).into_owned();
        let sent = self.count_of(self.budget_id(&("country", country.clone()))).await?;
        let answered = self.count_of(self.budget_id(&("answered", country))).await?;
        let within = |at: &&Micros| now.since(**at) < DAY;
        let old_enough =
            |at: &&Micros| now.since(**at) >= domain::challenge::LIFE && now.since(**at) < DAY;
        let counted = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Completion {
            due: counted(sent.iter().filter(old_enough).count()),
            completed: counted(answered.iter().filter(within).count()),
        })
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
        // One day's worth at most; beyond the largest limit nothing more need be told apart.
        const MOST: usize = 6_000;
        let add = |at: &mut Vec<Micros>| {
            at.retain(|at| now.since(*at) < DAY);
            at.push(now);
            let over = at.len().saturating_sub(MOST);
            at.drain(..over);
        };
        self.counted(DocumentKind::Budget, id, now.plus(DAY), add).await.map(drop)
    }

    /// Changes a count, again where somebody else was first.
    async fn counted(
        &self,
        kind: DocumentKind,
        id: u128,
        expires_at: Micros,
        change: impl Fn(&mut Vec<Micros>),
    ) -> Result<Vec<Micros>, StoreError> {
        let now = self.world.now();
        let mut at = Vec::new();
        for _ in 0..TRIES_MAX {
            let document = self.store.document(kind, id).await?;
            let seen = document.as_ref().map(|document| document.version);
            let read = document.and_then(|kept| serde_json::from_slice::<Count>(&kept.body).ok());
            at = read.unwrap_or_default().at;
            change(&mut at);
            let put = Put {
                kind,
                id,
                account: None,
                seen,
                state: 0,
                rank: 0,
                due_at: None,
                expires_at: Some(expires_at),
                body: serde_json::to_vec(&Count { at: at.clone() }).unwrap_or_default(),
                names: None,
            };
            let changes = Changes { puts: vec![put], ..Changes::default() };
            if self.store.apply(&changes, now).await? == Applied::Done {
                break;
            }
        }
        Ok(at)
    }
}
