//! How long answers take tells nothing of whether there is such an account (T6): the one timing that a
//! requirement names. Known and unknown take turns, so that what else this machine does falls on both.

use domain::time::MINUTE;
use sekisho::world::World;

use super::browser::Browser;
use super::{MAIL, member, shop};
use crate::support::Server;

/// Tries of each kind in one round.
const TRIES: usize = 40;
/// A leak shows in every round, a busy machine hardly in all.
const ROUNDS: usize = 4;
/// T6.
const DIFFERENCE_MAX_US: i64 = 20_000;

/// Microseconds that one form takes to be answered.
async fn answered(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> i64 {
    let world = World::real();
    let begun = world.now();
    browser.send(path, fields).await;
    let took = world.now().since(begun);
    assert!(took < MINUTE);
    took
}

fn p95(mut took: Vec<i64>) -> i64 {
    took.sort_unstable();
    took[took.len() * 95 / 100]
}

/// The least difference of the 95th percentiles that a round has seen.
async fn difference(server: &Server, path: &str, fields: &[(&str, &str)]) -> i64 {
    let mut browser = Browser::at(&server.url);
    let mut least = i64::MAX;
    for round in 0..ROUNDS {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for turn in 0..TRIES {
            let nobody = format!("nobody-{round}-{turn}@example.jp");
            for (login, into) in [(MAIL, &mut known), (nobody.as_str(), &mut unknown)] {
                browser.open(path).await;
                let form: Vec<_> = fields.iter().copied().chain([("login", login)]).collect();
                into.push(answered(&mut browser, path, &form).await);
            }
        }
        least = least.min((p95(known) - p95(unknown)).abs());
        if least < DIFFERENCE_MAX_US {
            break;
        }
    }
    least
}

#[tokio::test]
async fn t6_a_wrong_password_takes_as_long_for_an_account_as_for_none() {
    let server = shop().await;
    member(&server).await;
    let wrong = [("password", "guess after guess after guess")];
    let difference = difference(&server, "/sign-in", &wrong).await;
    assert!(difference < DIFFERENCE_MAX_US, "{difference} µs");
}

#[tokio::test]
async fn t6_a_reset_takes_as_long_for_an_account_as_for_none() {
    let server = shop().await;
    member(&server).await;
    let difference = difference(&server, "/reset-password", &[]).await;
    assert!(difference < DIFFERENCE_MAX_US, "{difference} µs");
}
