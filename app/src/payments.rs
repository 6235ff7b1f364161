//! Who pays refunds: a payment provider that is asked directly, or the store's own system by webhook.
//!
//! A provider is handed the refund's own key at each try; the same key is the same refund (T14).

mod stripe;

use std::future::Future;
use std::pin::Pin;

pub use stripe::Stripe;

use std::sync::Arc;

use crate::config::{BadSetting, Config};

/// A refund to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// `case:order:line:component`.
    pub key: String,
    /// As the provider calls the payment.
    pub payment: String,
    /// Minor units.
    pub amount: i64,
    /// It may have been asked for before: look first.
    pub again: bool,
}

/// How a try ended. The words are for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paid {
    /// It is there; what the provider calls it.
    There(String),
    /// Begun; what the provider calls it.
    Begun(String),
    /// Not now.
    NotNow(&'static str),
    /// Never by this way.
    Never(&'static str),
    /// The issuer has it: a dispute runs (C13).
    Disputed,
}

/// What a provider answers with, some time later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A provider of payments that is asked directly.
pub trait Refunds: Send + Sync {
    /// Whether this payment is one of the provider's.
    fn knows(&self, payment: &str) -> bool;

    /// Whether the payer's issuer has taken the money back, or is about to; the error is for the log.
    fn disputed<'a>(&'a self, payment: &'a str) -> Later<'a, Result<bool, &'static str>>;

    /// Pays, once for every key.
    fn refund<'a>(&'a self, order: &'a Order) -> Later<'a, Paid>;

    /// What became of a refund that was begun.
    fn look_up<'a>(&'a self, reference: &'a str) -> Later<'a, Paid>;
}

/// The provider that the settings name; none where the store's own system pays.
pub fn provider(config: &Config) -> Result<Option<Arc<dyn Refunds>>, BadSetting> {
    match config.said.text("refund-provider") {
        "webhook" => Ok(None),
        "stripe" => Ok(Some(Arc::new(Stripe::of(config)?))),
        _ => Err(config.said.bad("refund-provider", "webhook or stripe")),
    }
}
