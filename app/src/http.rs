//! The API: one house behind many routes.
//!
//! Every route goes the same way: the frame around it, then [`House::admit`] (key, scope, body
//! under a limit), then [`House::once`] where something is done, then its handler.

mod accounts;
pub mod body;
mod breached;
pub(crate) mod callbacks;
pub(crate) mod campaigns;
pub(crate) mod cases;
pub mod challenges;
mod clients;
mod clock;
mod content;
mod decisions;
mod events;
mod frame;
mod health;
mod house;
mod keys;
pub(crate) mod ledger;
mod lists;
mod mail;
mod pace;
pub(crate) mod page;
mod policies;
pub mod problem;
mod records;
mod rehearsal;
mod repeats;
pub(crate) mod restitution;
mod sent_mail;
mod serving;
pub(crate) mod tasks;
mod upkeep;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, patch, post};
use tower_http::catch_panic::CatchPanicLayer;

use crate::openapi::BearerKeys;

pub use house::{Answer, House, Opening};
pub use serving::serve;

use house::Asked;

/// The description of every route.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Sekisho",
        description = "The checkpoint of an online store against account takeover: decide, \
                       step up, contain, recover.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    servers((url = "http://127.0.0.1:8470", description = "A server started with the defaults")),
    paths(
        decisions::decide,
        decisions::settle,
        decisions::look_up,
        events::hear,
        accounts::by_standing,
        accounts::show_account,
        accounts::timeline,
        accounts::changes,
        accounts::erase,
        cases::queue,
        cases::figures,
        cases::conduct,
        cases::show,
        cases::open,
        cases::evidence,
        cases::steps::step,
        cases::packs::all,
        cases::packs::make,
        cases::packs::show,
        cases::packs::printed,
        callbacks::take_calls,
        callbacks::offer,
        callbacks::all,
        callbacks::show,
        callbacks::of_case,
        callbacks::book,
        callbacks::steps::step,
        tasks::list,
        ledger::show_all,
        restitution::list,
        restitution::open,
        restitution::show,
        restitution::steps::step,
        restitution::steps::settle,
        restitution::ledger,
        challenges::create,
        challenges::show,
        challenges::spend,
        lists::all,
        breached::range,
        campaigns::report,
        campaigns::list,
        campaigns::step,
        campaigns::export,
        campaigns::warning,
        lists::create,
        lists::remove,
        lists::entries,
        lists::put,
        lists::take_off,
        mail::check,
        sent_mail::record,
        policies::list,
        policies::one,
        policies::propose,
        policies::approve,
        policies::activate,
        keys::list,
        keys::create,
        keys::revoke,
        clients::list,
        clients::create,
        clients::change,
        clients::rotate,
        clients::remove,
        webhooks::list,
        webhooks::create,
        webhooks::change,
        webhooks::remove,
        webhooks::rotate,
        webhooks::dead_letters,
        webhooks::resend,
        health::alive,
        health::ready,
        health::metrics,
        health::openapi,
    ),
    modifiers(&BearerKeys)
)]
pub(crate) struct Description;

/// Every route.
pub fn router(house: Arc<House>) -> Router {
    let router = for_development(&house)
        .route("/v1/decisions", post(decisions::decide))
        .route("/v1/decisions/{id}", get(decisions::look_up))
        .route("/v1/decisions/{id}/outcome", post(decisions::settle))
        .route("/v1/events", post(events::hear))
        .route("/v1/accounts", get(accounts::by_standing))
        .route("/v1/accounts/{id}", get(accounts::show_account).delete(accounts::erase))
        .route("/v1/accounts/{id}/timeline", get(accounts::timeline))
        .route("/v1/accounts/{id}/changes", get(accounts::changes))
        .merge(cases::router())
        .merge(campaigns::router())
        .route("/v1/cases/{id}/restitutions", get(restitution::list).post(restitution::open))
        .route("/v1/cases/{id}/ledger", get(restitution::ledger))
        .route("/v1/cases/{id}/callbacks", get(callbacks::of_case).post(callbacks::book))
        .route("/v1/callbacks", get(callbacks::all))
        .route("/v1/callbacks/offer", get(callbacks::offer))
        .route("/v1/callbacks/{id}", get(callbacks::show))
        .route("/v1/callbacks/{id}/steps", post(callbacks::steps::step))
        .route("/v1/agents/free", post(callbacks::take_calls))
        .route("/telephony/{id}/{dial}/{word}", post(callbacks::telephony::hear))
        .route("/v1/breached-passwords/{prefix}", get(breached::range))
        .route("/v1/tasks", get(tasks::list))
        .route("/v1/ledger", get(ledger::show_all))
        .route("/v1/restitutions/{id}", get(restitution::show))
        .route("/v1/restitutions/{id}/steps", post(restitution::steps::step))
        .route("/v1/refunds/{id}/result", post(restitution::steps::settle))
        .route("/v1/challenges", post(challenges::create))
        .route("/v1/challenges/{id}", get(challenges::show))
        .route("/v1/challenges/{id}/spend", post(challenges::spend))
        .route("/v1/lists", get(lists::all).post(lists::create))
        .route("/v1/lists/{name}", delete(lists::remove))
        .route(
            "/v1/lists/{name}/entries",
            get(lists::entries).post(lists::put).delete(lists::take_off),
        )
        .route("/v1/mail/check", post(mail::check))
        .route("/v1/mail/sent", post(sent_mail::record))
        .route("/v1/policies", get(policies::list).post(policies::propose))
        .route("/v1/policies/{id}", get(policies::one))
        .route("/v1/policies/{id}/approve", post(policies::approve))
        .route("/v1/policies/{id}/activate", post(policies::activate))
        .route("/v1/keys", get(keys::list).post(keys::create))
        .route("/v1/keys/{id}", delete(keys::revoke))
        .route("/v1/clients", get(clients::list).post(clients::create))
        .route("/v1/clients/{id}", patch(clients::change).delete(clients::remove))
        .route("/v1/clients/{id}/rotate-secret", post(clients::rotate))
        .route("/v1/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/v1/webhooks/dead-letters", get(webhooks::dead_letters))
        .route("/v1/webhooks/dead-letters/{id}/resend", post(webhooks::resend))
        .route("/v1/webhooks/{id}", patch(webhooks::change).delete(webhooks::remove))
        .route("/v1/webhooks/{id}/rotate", post(webhooks::rotate))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/openapi.json", get(health::openapi));
    router
        .merge(crate::pages::router())
        .merge(crate::openid::router())
        .fallback(frame::nowhere)
        .method_not_allowed_fallback(frame::no_such_method)
        .layer(CatchPanicLayer::custom(frame::panicked))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&house), frame::around))
        .with_state(house)
}

/// What is there only when a setting asks for it: no store in production has these.
fn for_development(house: &House) -> Router<Arc<House>> {
    let mut router = Router::new();
    if house.clock.is_some() {
        router = router.route("/v1/clock", get(clock::look).post(clock::forward));
    }
    if house.config.bench_routes {
        router = router
            .route("/v1/noop", post(health::noop))
            .route("/v1/read-only", post(health::read_only));
    }
    router
}
