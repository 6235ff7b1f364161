//! The shop: what stands behind its pages, and opening it.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;

use crate::book::Book;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::night::Stage;
use crate::pages::{Pages, customer};
use crate::sekisho::Sekisho;
use crate::settings::Settings;
use crate::{backstage, checkout, night, sign_in, webhooks};

/// The shop.
pub struct Shop {
    pub(crate) settings: Settings,
    pub(crate) book: Book,
    pub(crate) clock: Clock,
    pub(crate) sekisho: Sekisho,
    pub(crate) pages: Pages,
    pub(crate) stage: Stage,
}

impl Shop {
    /// Opens it: its database is made where there is none.
    ///
    /// # Errors
    /// The folder, the database or the templates cannot be used.
    pub async fn open(settings: Settings) -> Result<Arc<Self>, Failure> {
        let shop = Self {
            book: Book::open(&settings.data).await?,
            clock: Clock::default(),
            sekisho: Sekisho::of(&settings)?,
            pages: Pages::of()?,
            stage: Stage::default(),
            settings,
        };
        shop.look_at_the_clock().await;
        Ok(Arc::new(shop))
    }

    pub(crate) fn now_us(&self) -> i64 {
        self.clock.now().as_microsecond()
    }

    fn router(self: &Arc<Self>) -> Router {
        let mut router = Router::new()
            .merge(customer::router())
            .merge(checkout::router())
            .merge(sign_in::router())
            .merge(webhooks::router());
        if self.settings.backstage {
            router = router.merge(backstage::router()).merge(night::router());
        }
        let guarded = from_fn_with_state(Arc::clone(self), crate::pages::guarded);
        router.layer(guarded).with_state(Arc::clone(self))
    }
}

/// Serves the shop until `stop` is done.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    listener: TcpListener,
    shop: Arc<Shop>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Failure> {
    let telling = tokio::spawn(Shop::keep_telling(Arc::clone(&shop)));
    let served = axum::serve(listener, shop.router()).with_graceful_shutdown(stop).await;
    telling.abort();
    served.map_err(|error| Failure::Unfinished(error.to_string()))
}
