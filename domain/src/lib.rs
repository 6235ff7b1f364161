//! What is true, and what should be done?
//!
//! An [`event::Event`] becomes an [`observation::Observation`] (no personal data, only keyed
//! hashes and facts); [`memory::Memory`] tells what is [`known::Known`] about it; [`risk::assess`]
//! judges it; the [`memory::Memory`] remembers it. Nothing here waits, reads a clock or draws a
//! random number: the same log gives the same verdicts for ever.

pub mod account;
pub mod agent;
pub mod callback;
pub mod case;
pub mod challenge;
pub mod decision;
pub mod event;
pub mod gift_code;
pub mod intercept;
pub mod keyed;
pub mod known;
pub mod ledger;
pub mod list;
pub mod member;
pub mod memory;
pub mod notice;
pub mod observation;
pub mod openid;
pub mod parcel;
pub mod policy;
pub mod refund;
pub mod reset;
pub mod restitution;
pub mod risk;
pub mod seller_return;
pub mod seller_watch;
pub mod session;
pub mod sign_in;
pub mod sms_budget;
pub mod stored_card;
pub mod time;
