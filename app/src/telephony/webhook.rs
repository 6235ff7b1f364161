//! The store's own telephone: told by webhook whom to call, with ids and without the number. It asks
//! `GET /v1/callbacks/{id}` for that, and says what became of it by that call-back's steps.

use serde_json::json;
use store::OutboxRow;

use super::{Call, Rung, Telephone};
use crate::payments::Later;
use crate::webhooks::{Kind, Subscribers};
use crate::world::World;

/// Whoever hears `callback.due`.
pub struct StoreTelephone {
    /// Who wants to hear what.
    pub subscribers: Subscribers,
    /// Time and chance.
    pub world: World,
}

impl Telephone for StoreTelephone {
    fn is_there(&self) -> bool {
        self.subscribers.anybody_wants(Kind::CallbackDue)
    }

    fn rows(&self, call: &Call) -> Vec<OutboxRow> {
        let data = json!({
            "callback_id": crate::id::show("cbk", call.callback),
            "case_id": crate::id::show("cas", call.case),
            "account_id": call.account,
            "agent": call.agent,
            "ring": call.dial,
        });
        self.subscribers.told(Kind::CallbackDue, &data, &self.world)
    }

    fn ring<'a>(&'a self, _: &'a Call) -> Later<'a, Rung> {
        Box::pin(std::future::ready(Rung::Rings))
    }
}
