//! A clock that tests put forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::time::Micros;
use sekisho::world::World;

/// The machine's clock, and how far it was put forward.
#[derive(Clone, Default)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn forward(&self, span: i64) {
        self.0.fetch_add(span, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Micros {
        Micros(World::real().now().0 + self.0.load(Ordering::SeqCst))
    }

    /// A world whose time is this clock's.
    pub(crate) fn world(&self) -> World {
        let (hand, real) = (self.clone(), World::real());
        World::of(move || hand.now(), move |bytes| real.random(bytes))
    }
}
