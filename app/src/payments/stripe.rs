//! Refunds over an HTTP API compatible with Stripe's `refunds` and `disputes`.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Later, Order, Paid, Refunds};
use crate::config::{BadSetting, Config};

/// Longest time for one call of the API.
const PATIENCE: Duration = Duration::from_secs(15);
/// In the metadata of a refund: our key for it.
const KEY: &str = "sekisho_key";
/// Refunds and disputes of one payment that are looked through.
const LOOKED_AT: &str = "100";

/// An account with the provider.
pub struct Stripe {
    client: Client,
    /// `https://api.stripe.com`
    base: String,
    key: String,
}

#[derive(Deserialize)]
struct All<T> {
    data: Vec<T>,
}

#[derive(Deserialize)]
struct Dispute {
    status: String,
}

#[derive(Deserialize)]
struct Refund {
    id: String,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    metadata: std::collections::BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Failure {
    error: Reason,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    code: Option<String>,
}

/// Why a call gave nothing.
enum Missed {
    NotNow(&'static str),
    Refused(Option<String>),
}

impl Stripe {
    /// The provider of the settings `stripe-url` and `stripe-key`.
    pub fn of(config: &Config) -> Result<Self, BadSetting> {
        let said = &config.said;
        let key =
            said.optional("stripe-key").ok_or_else(|| said.bad("stripe-key", "is missing"))?;
        let base = said.text("stripe-url").trim_end_matches('/').to_owned();
        url::Url::parse(&base).map_err(|_| said.bad("stripe-url", "not a URL"))?;
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent(concat!("sekisho/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| said.bad("stripe-url", "no client for it"))?;
        Ok(Self { client, base, key: key.to_owned() })
    }

    async fn call<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Missed> {
        let silent = |_| Missed::NotNow("the provider does not answer");
        let response = request.bearer_auth(&self.key).send().await.map_err(silent)?;
        let status = response.status();
        let body = response.bytes().await.map_err(silent)?;
        if status.is_success() {
            let strange = |_| Missed::NotNow("the provider's answer makes no sense");
            return serde_json::from_slice(&body).map_err(strange);
        }
        Err(missed(status, &body))
    }

    async fn of_payment<T: DeserializeOwned>(
        &self,
        what: &str,
        payment: &str,
    ) -> Result<Vec<T>, Missed> {
        let query = [(kind_of(payment), payment), ("limit", LOOKED_AT)];
        let request = self.client.get(format!("{}/v1/{what}", self.base)).query(&query);
        self.call(request).await.map(|all: All<T>| all.data)
    }

    async fn begin(&self, order: &Order) -> Result<Refund, Missed> {
        if order.again {
            let before: Vec<Refund> = self.of_payment("refunds", &order.payment).await?;
            let same = |one: &Refund| one.metadata.get(KEY).is_some_and(|key| *key == order.key);
            if let Some(found) = before.into_iter().find(same) {
                return Ok(found);
            }
        }
        let form = [
            (kind_of(&order.payment), order.payment.clone()),
            ("amount", order.amount.to_string()),
            ("reason", "fraudulent".to_owned()),
            (&format!("metadata[{KEY}]"), order.key.clone()),
        ];
        let request = self.client.post(format!("{}/v1/refunds", self.base)).form(&form);
        // A header takes no Japanese order id, and at most 255 characters.
        let key = blake3::hash(order.key.as_bytes()).to_hex();
        self.call(request.header("Idempotency-Key", key.as_str())).await
    }
}

impl Refunds for Stripe {
    fn knows(&self, payment: &str) -> bool {
        ["pi_", "ch_", "py_"].iter().any(|prefix| payment.starts_with(prefix))
    }

    fn disputed<'a>(&'a self, payment: &'a str) -> Later<'a, Result<bool, &'static str>> {
        Box::pin(async move {
            match self.of_payment::<Dispute>("disputes", payment).await {
                Ok(disputes) => Ok(disputes.iter().any(|one| takes_money(&one.status))),
                Err(Missed::NotNow(why)) => Err(why),
                Err(Missed::Refused(_)) => Err("the provider does not tell of disputes"),
            }
        })
    }

    fn refund<'a>(&'a self, order: &'a Order) -> Later<'a, Paid> {
        Box::pin(async move { paid(self.begin(order).await) })
    }

    fn look_up<'a>(&'a self, reference: &'a str) -> Later<'a, Paid> {
        let request = self.client.get(format!("{}/v1/refunds/{reference}", self.base));
        Box::pin(async move { paid(self.call(request).await) })
    }
}

fn kind_of(payment: &str) -> &'static str {
    if payment.starts_with("pi_") { "payment_intent" } else { "charge" }
}

/// An inquiry (`warning_…`) has moved no money, and a dispute that was won gave it back.
fn takes_money(status: &str) -> bool {
    !status.starts_with("warning_") && !matches!(status, "won" | "prevented")
}

fn paid(answer: Result<Refund, Missed>) -> Paid {
    match answer {
        Ok(refund) => match refund.status.as_deref() {
            Some("succeeded") => Paid::There(refund.id),
            Some("failed" | "canceled") => Paid::Never("the provider's refund failed"),
            _ => Paid::Begun(refund.id),
        },
        Err(Missed::NotNow(why)) => Paid::NotNow(why),
        Err(Missed::Refused(code)) => match code.as_deref() {
            Some("charge_disputed") => Paid::Disputed,
            _ => Paid::Never("the provider refuses it"),
        },
    }
}

/// 400, 402 and 404 name a refund that will never do; the rest passes, or is ours to mend.
fn missed(status: StatusCode, body: &[u8]) -> Missed {
    match status.as_u16() {
        400 | 402 | 404 => {
            let failure = serde_json::from_slice::<Failure>(body).ok();
            Missed::Refused(failure.and_then(|failure| failure.error.code))
        }
        401 | 403 => Missed::NotNow("the provider does not let us in"),
        409 => Missed::NotNow("the provider is still at it"),
        429 => Missed::NotNow("the provider asks for patience"),
        _ => Missed::NotNow("the provider does not take it now"),
    }
}
