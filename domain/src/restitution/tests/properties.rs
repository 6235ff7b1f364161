//! Whatever comes in whatever order.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Five parcels in five states, two payments, one of which gave something back before.
fn order(refunded: i64) -> Facts {
    let states = [
        ParcelState::Unshipped,
        ParcelState::InTransit,
        ParcelState::Delivered,
        ParcelState::Digital,
        ParcelState::Lost,
    ];
    let named = |place: usize| format!("p-{place}");
    let mut facts = Facts {
        order: "o-1".to_owned(),
        currency: *b"JPY",
        payments: vec![
            Payment { refunded, ..payment("pi_1", PaymentKind::CreditCard, 557) },
            payment("points", PaymentKind::Points, 100),
        ],
        lines: Vec::new(),
        parcels: Vec::new(),
    };
    for (place, state) in states.into_iter().enumerate() {
        let mut one = parcel(&named(place), state);
        one.seller = (place % 2 == 0).then(|| "sel-3".to_owned());
        facts.parcels.push(one);
        let shares = [(Component::Item, 100, "pi_1"), (Component::Points, 20, "points")];
        facts.lines.push(line(&format!("l-{place}"), &named(place), &shares));
    }
    facts
}

fn command() -> impl Strategy<Value = Command> {
    let parcel = (0..5_usize).prop_map(|place| format!("p-{place}"));
    let refund = (0..5_usize, any::<bool>()).prop_map(|(place, points)| {
        format!("cas_1:o-1:l-{place}:{}", if points { "points" } else { "item" })
    });
    let settled = prop_oneof![
        3 => Just(Settled::Succeeded),
        1 => Just(Settled::FailedRetryable),
        1 => Just(Settled::FailedFinal),
        1 => Just(Settled::SettledByIssuer),
    ];
    let of_money = (refund, settled, 0..12_u8).prop_map(|(refund, settled, which)| match which {
        0..=1 => Command::Approve,
        2..=5 => Command::Submit { refund, disputed: which == 2 },
        6..=10 => Command::Settle { refund, settled, reference: None },
        _ => Command::Reverse { refund },
    });
    let of_goods = (parcel, 0..200_i64, 0..18_u8).prop_map(|(parcel, amount, which)| {
        use intercept::Command as I;
        use seller_return::Command as S;
        match which {
            0 => Command::Cancelled(parcel),
            1 => Command::Seen(parcel, ParcelState::InTransit),
            2 => Command::Seen(parcel, ParcelState::Delivered),
            3 => Command::Seen(parcel, ParcelState::Lost),
            4 => Command::Carrier(parcel, I::Accepted),
            5 => Command::Carrier(parcel, I::Returned),
            6 => Command::Carrier(parcel, I::Delivered),
            7 => Command::Seller(parcel, S::Agree { amount }),
            8 => Command::Seller(parcel, S::Refuse),
            9 => Command::Seller(parcel, S::Receive),
            10 => Command::Received(parcel, amount),
            11 => Command::Code(parcel, amount % 2 == 0),
            12 => Command::CarrierPaid(parcel, amount / 3),
            13 => Command::FeeBilled(parcel, 15),
            14..=15 => Command::WriteOff(parcel),
            16 => Command::TaskDone(0),
            _ => Command::Tick,
        }
    });
    prop_oneof![of_money, of_goods]
}

/// What has gone back to each payment, by the books' own postings.
fn gone_back(one: &Restitution) -> BTreeMap<&str, i64> {
    let mut sums = BTreeMap::new();
    for refund in &one.refunds {
        let paid = one.ledger.standing(&format!("paid:{}", refund.key));
        *sums.entry(refund.payment.as_str()).or_default() += paid;
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_books_balance_and_nothing_is_refunded_above_what_was_captured(
        commands in prop::collection::vec((command(), 0..8 * DAY), 1..120), refunded in 0..70_i64
    ) {
        let plan = Restitution::open(new(order(refunded)), &agent(), NOW);
        prop_assert_eq!(plan.is_err(), refunded > 57, "557 were captured, 500 are to go back");
        let Ok((mut one, _)) = plan else { return Ok(()) };
        let mut now = NOW;
        let mut told = BTreeMap::<String, u32>::new();
        for (command, later) in commands {
            now = now.plus(later / 100);
            let Ok((next, actions)) = one.next(&command, &supervisor(), now) else { continue };
            for action in actions {
                if let Action::Refund(key) = action {
                    *told.entry(key).or_default() += 1;
                }
            }
            let (again, actions) = next.next(&command, &supervisor(), now).unwrap();
            prop_assert_eq!(&again, &next, "twice is once: {:?}", command);
            prop_assert!(actions.is_empty(), "{:?}", actions);
            one = next;
            for posting in one.ledger.postings() {
                prop_assert_eq!(posting.lines.iter().map(|line| line.amount).sum::<i64>(), 0);
            }
            prop_assert!(one.ledger.owed() >= 0, "the victim never owes");
            prop_assert!(one.ledger.balance(Account::IntruderReceivable) >= 0);
            let back = gone_back(&one);
            for payment in &one.payments {
                let sum = back.get(payment.id.as_str()).copied().unwrap_or_default();
                prop_assert!(payment.refunded + sum <= payment.captured, "{:?}", payment);
            }
        }
        for refund in &one.refunds {
            let told = told.get(&refund.key).copied().unwrap_or_default();
            prop_assert_eq!(told, refund.tries, "one order to pay for each try");
        }
    }
}
