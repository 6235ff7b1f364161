//! Orders, changes and links: the same state in any order of arrival, and scores that rise where
//! they should.

use domain::decision::Assessment;
use domain::event::{ChangeField, EventType, Status};
use domain::keyed::AccountKey;
use domain::observation::{Change, Observation};
use domain::time::{HOUR, MINUTE};
use proptest::prelude::*;

use crate::shop::{Ordered, TODAY, at, open_shop, order};
use crate::support::{From, World, event, hash};

/// An order or a change of one of a few accounts within 30 days; some orders are told twice within
/// 40 h, the second time about other goods.
fn told() -> impl Strategy<Value = Vec<Observation>> {
    (0_u8..3, 0_i64..30 * 24 * 60, 0_i64..9, 0_u8..5, 0_i64..40).prop_map(
        |(account, minute, goods, what, later)| {
            let account = format!("account {account}");
            let time = at(0, 0) + minute * MINUTE;
            if what == 0 {
                let kind = EventType::EmailChanged;
                let mut change = event(&account, kind, Status::Succeeded, time);
                change.change =
                    Some(Change { field: ChangeField::Email, old: None, new: Some(hash("new")) });
                return vec![change];
            }
            let address = if goods % 2 == 0 { "home" } else { "away" };
            let device = if goods % 2 == 0 { "own" } else { "shared" };
            let order =
                |goods: i64| order(&account, goods, goods, time).to(address).on_device(device);
            let mut again = order(goods + 1);
            again.order.as_mut().unwrap().id = order(goods).order.unwrap().id;
            again.occurred_at = again.occurred_at.plus(later * HOUR);
            again.event.0 ^= 1;
            if what == 1 { vec![order(goods), again] } else { vec![order(goods)] }
        },
    )
}

/// Up to 80 of them, in two orders of arrival in which nothing is more than 48 h late.
fn in_two_orders() -> impl Strategy<Value = (Vec<Observation>, Vec<Observation>)> {
    (prop::collection::vec(told(), 1..80), any::<u64>()).prop_map(|(told, seed)| {
        let mut told = told.concat();
        told.sort_by_key(|it| (it.occurred_at, it.event));
        let mut late = told.clone();
        late.sort_by_key(|it| {
            let late = (hash(&format!("{seed} {:?}", it.event)) % 48).cast_signed() * HOUR;
            (it.occurred_at.plus(late), it.event)
        });
        (told, late)
    })
}

fn world(told: &[Observation]) -> World {
    let mut world = World::default();
    for told in told {
        let score = (told.event.0 % 1_000) as f64 / 1_000.0;
        world.remember(told, &Assessment { score, ..Assessment::default() });
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_order_of_arrival_gives_the_same_purchases_changes_and_judgement(
        (told, shuffled) in in_two_orders(),
    ) {
        let (one, other) = (world(&told), world(&shuffled));
        for account in 0..3 {
            let key = AccountKey(u128::from(hash(&format!("account {account}"))));
            let parts = |world: &World| {
                world.memory.account(key).map(|it| (it.purchases.clone(), it.changes.clone()))
            };
            prop_assert_eq!(parts(&one), parts(&other));
        }
        for told in &told {
            let mut probe = told.clone();
            probe.event.0 ^= 2;
            probe.occurred_at = domain::time::Micros(at(30, 1));
            prop_assert_eq!(one.ask(&probe), other.ask(&probe));
        }
    }

    #[test]
    fn more_spent_never_scores_less(amount in 1_000_i64..100_000, more in 1_i64..1_000_000) {
        let world = open_shop_once();
        let score = |amount| world.ask(&order("household 8", 0, 5, at(TODAY, 8)).amount(amount)).score;
        prop_assert!(score(amount) <= score(amount + more));
    }

    #[test]
    fn another_sitting_never_scores_less(sittings in 1_i64..12) {
        let mut world = World::default();
        world.memory.crowd_mut().population = open_shop_once().memory.crowd().population.clone();
        for month in 0..4 {
            world.see(&order("owner", 0, 5, at(month * 30, 8)));
        }
        let score = |world: &World| world.ask(&order("owner", 0, 5, at(TODAY, 30))).score;
        for n in 0..sittings {
            world.remember(&order("owner", 0, 5, at(TODAY, 2 * n)), &Assessment::default());
        }
        let before = score(&world);
        world.remember(&order("owner", 0, 5, at(TODAY, 2 * sittings)), &Assessment::default());
        prop_assert!(before <= score(&world) + 1e-9);
    }
}

/// The shop is the same for every case.
fn open_shop_once() -> &'static World {
    static SHOP: std::sync::OnceLock<World> = std::sync::OnceLock::new();
    SHOP.get_or_init(open_shop)
}
