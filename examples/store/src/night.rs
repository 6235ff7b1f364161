//! The night of 3 to 4 June, played through the real pages of shop and Sekisho: once where nobody
//! obeys what Sekisho says, once where the store does. A room of development.

mod hand;
mod play;
mod script;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::book::Thing;
use crate::failure::Failure;
use crate::pages::{Fields, Visitor};
use crate::shop::Shop;
use hand::Hand;
use script::{NIGHT, NOTICED_AT, SPRING};

/// Steps by which the clock may be put forward by hand, in hours.
const HOURS_MAX: i64 = 24 * 400;

/// Whether something is being played, and the browsers of those who play.
#[derive(Default)]
pub(crate) struct Stage {
    playing: AtomicBool,
    /// Why the last play broke off.
    broke: Mutex<Option<String>>,
    hands: Mutex<BTreeMap<&'static str, Hand>>,
    /// Secrets of the intruders' apps, by the account's first address.
    apps: Mutex<BTreeMap<&'static str, String>>,
}

impl Stage {
    fn broke(&self) -> MutexGuard<'_, Option<String>> {
        self.broke.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn apps(&self) -> MutexGuard<'_, BTreeMap<&'static str, String>> {
        self.apps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hands(&self) -> MutexGuard<'_, BTreeMap<&'static str, Hand>> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A line of what was played.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Scene {
    id: String,
    at: i64,
    /// Text key.
    what: String,
    /// What was bought.
    goods: String,
    /// What came of it: for who is unguarded, and for who is guarded.
    came: [String; 2],
}

impl Thing for Scene {
    const KIND: &'static str = "scene";
    fn id(&self) -> &str {
        &self.id
    }
    fn at(&self) -> i64 {
        self.at
    }
}

pub(crate) fn router() -> Router<Arc<Shop>> {
    Router::new().route("/night", get(look).post(play)).route("/night/clock", post(forward))
}

async fn look(State(shop): State<Arc<Shop>>, visitor: Visitor) -> Result<Response, Failure> {
    let mut scenes = shop.book.all::<Scene>().await?;
    scenes.reverse();
    for scene in &mut scenes {
        if let Some(goods) = crate::shelf::find(&scene.goods) {
            goods.title(visitor.language).clone_into(&mut scene.goods);
        }
    }
    let page = json!({
        "scenes": scenes,
        "playing": shop.stage.playing.load(Ordering::Relaxed),
        "broke": *shop.stage.broke(),
        "spring": scenes.len() >= SPRING.len(),
        "night": scenes.len() >= SPRING.len() + NIGHT.len(),
        "victims": script::CAST.iter().map(|one| one.mail).collect::<Vec<_>>(),
    });
    shop.page(&visitor, "night.html", page)
}

/// Plays what comes next; the page looks again by itself until it is over.
async fn play(State(shop): State<Arc<Shop>>) -> Result<Response, Failure> {
    if !shop.stage.playing.swap(true, Ordering::Relaxed) {
        tokio::spawn(async move {
            let played = shop.play_on().await;
            if let Err(error) = &played {
                tracing::error!(%error, "the play broke off");
            }
            *shop.stage.broke() = played.err().map(|error| error.to_string());
            shop.stage.playing.store(false, Ordering::Relaxed);
        });
    }
    Ok(Redirect::to("/night").into_response())
}

/// Puts the clock of both sides forward.
async fn forward(State(shop): State<Arc<Shop>>, fields: Fields) -> Result<Response, Failure> {
    let hours = fields.text("hours").parse().ok().filter(|hours| (1..=HOURS_MAX).contains(hours));
    let hours: i64 = hours.ok_or_else(|| Failure::Bad(format!("hours: 1 to {HOURS_MAX}")))?;
    let to = shop.clock.now().checked_add(SignedDuration::from_hours(hours));
    shop.be_at(to.map_err(|error| Failure::Bad(error.to_string()))?).await?;
    Ok(Redirect::to("/night").into_response())
}

impl Shop {
    /// Both sides are at `at`, or later where they were.
    async fn be_at(&self, at: Timestamp) -> Result<(), Failure> {
        if at > self.clock.now() {
            self.sekisho.put_clock_forward(at).await?;
            self.look_at_the_clock().await;
        }
        Ok(())
    }

    /// Plays the quiet months, and on the next call the night; what was played is not played again.
    async fn play_on(&self) -> Result<(), Failure> {
        let played = self.book.all::<Scene>().await?.len();
        let all = SPRING.iter().chain(&NIGHT);
        let upto = if played < SPRING.len() { SPRING.len() } else { SPRING.len() + NIGHT.len() };
        for (number, (at, what)) in all.enumerate().take(upto).skip(played) {
            self.be_at(time(at)?).await?;
            let mut came = [String::new(), String::new()];
            for (victim, came) in script::CAST.iter().zip(&mut came) {
                *came = self.act(victim, *what).await?;
            }
            self.all_told().await?;
            let goods = match what {
                script::What::Shop(sku) | script::What::Buy(sku) => (*sku).to_owned(),
                _ => String::new(),
            };
            let scene = Scene {
                id: format!("{number:03}"),
                at: time(at)?.as_microsecond(),
                what: what.key().to_owned(),
                goods,
                came,
            };
            self.book.put(&scene).await?;
        }
        if upto > SPRING.len() {
            self.be_at(time(NOTICED_AT)?).await?;
        }
        Ok(())
    }
}

fn time(text: &str) -> Result<Timestamp, Failure> {
    text.parse().map_err(|_| Failure::Unfinished(format!("no time: {text}")))
}
