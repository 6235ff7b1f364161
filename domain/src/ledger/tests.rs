//! The examples of §4.5, and that no order of events breaks the books.

#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

const YEN: [u8; 3] = *b"JPY";

fn approved(amount: i64) -> Happened {
    Happened::Approved { borne_by: Bearer::Store, amount }
}

fn paid(amount: i64) -> Happened {
    Happened::Paid { way: Way::Psp, amount }
}

fn after(happened: &[Happened]) -> Ledger {
    happened.iter().enumerate().fold(Ledger::new(YEN), |ledger, (number, happened)| {
        ledger.post(&number.to_string(), *happened).unwrap()
    })
}

#[test]
fn a_confirmed_order_is_paid_back_and_the_store_bears_it() {
    let ledger = after(&[approved(48_000), paid(48_000)]);
    assert_eq!(ledger.owed(), 0);
    assert_eq!(ledger.balance(Account::StoreFraudLoss), 48_000);
    assert_eq!(ledger.balance(Account::PspClearing), -48_000);
}

#[test]
fn r35_the_return_fee_is_the_intruders_and_the_victim_pays_nothing() {
    let ledger = after(&[
        approved(48_000),
        paid(48_000),
        Happened::FeeBilled { amount: 1_540 },
        Happened::FeePaid { amount: 1_540 },
    ]);
    assert_eq!(ledger.balance(Account::IntruderReceivable), 1_540);
    assert_eq!(ledger.balance(Account::CarrierPayable), 0);
    assert_eq!(ledger.balance(Account::CustomerRefundPayable), 0);
    let hopeless = ledger.post("w", Happened::WrittenOff { amount: 1_540 }).unwrap();
    assert_eq!(hopeless.balance(Account::WriteOff), 1_540);
    assert_eq!(hopeless.balance(Account::IntruderReceivable), 0);
    let more = ledger.post("w", Happened::WrittenOff { amount: 1_541 });
    assert_eq!(more, Err(Refused::MoreThanThere));
}

#[test]
fn r38_goods_that_come_back_change_who_bears_it_and_not_what_was_paid() {
    let ledger = after(&[
        approved(48_000),
        paid(48_000),
        Happened::GoodsBack { borne_by: Bearer::Store, amount: 40_000 },
    ]);
    assert_eq!(ledger.owed(), 0);
    assert_eq!(ledger.balance(Account::StoreFraudLoss), 8_000);
    assert_eq!(ledger.balance(Account::SellerPayable), 40_000);
}

#[test]
fn c13_what_the_issuer_has_paid_is_owed_no_more() {
    let settled = Happened::SettledByIssuer { borne_by: Bearer::Store, amount: 48_000 };
    let ledger = after(&[approved(48_000), settled]);
    assert!(ledger.balances().values().all(|balance| *balance == 0));
    assert_eq!(ledger.post("late", paid(48_000)), Err(Refused::MoreThanOwed));
}

#[test]
fn t14_the_same_key_pays_once_and_no_more_is_paid_than_owed() {
    let ledger = after(&[approved(300)]);
    let once = ledger.post("r:1", paid(300)).unwrap();
    assert_eq!(once.post("r:1", paid(300)).unwrap(), once);
    assert_eq!(once.post("r:2", paid(1)), Err(Refused::MoreThanOwed));
    for amount in [0, -1, i64::MIN, i64::MAX, AMOUNT_MAX + 1] {
        assert_eq!(ledger.post("r:3", paid(amount)), Err(Refused::NotAnAmount), "{amount}");
    }
}

#[test]
fn a_mistake_is_set_right_once_by_its_opposite() {
    let ledger = after(&[approved(300), paid(300)]);
    let right = ledger.reverse("fix", "1").unwrap();
    assert_eq!(right.owed(), 300);
    assert_eq!(right.postings().len(), 3);
    assert_eq!(right.reverse("fix", "1").unwrap(), right);
    assert_eq!(right.reverse("again", "1"), Err(Refused::NotReversible));
    assert_eq!(right.reverse("back", "fix"), Err(Refused::NotReversible));
    assert_eq!(right.reverse("what", "77"), Err(Refused::NotReversible));
    assert_eq!(ledger.reverse("early", "0"), Err(Refused::MoreThanOwed), "it is paid already");
}

fn anything() -> impl Strategy<Value = Happened> {
    let bearer = || prop_oneof![Just(Bearer::Store), Just(Bearer::GuaranteeFund)];
    let way = prop_oneof![Just(Way::Psp), Just(Way::GiftBalance)];
    let amount = || -5..500_i64;
    prop_oneof![
        (bearer(), amount()).prop_map(|(borne_by, amount)| Happened::Approved { borne_by, amount }),
        (way, amount()).prop_map(|(way, amount)| Happened::Paid { way, amount }),
        (bearer(), amount())
            .prop_map(|(borne_by, amount)| Happened::SettledByIssuer { borne_by, amount }),
        amount().prop_map(|amount| Happened::FeeBilled { amount }),
        amount().prop_map(|amount| Happened::FeePaid { amount }),
        amount().prop_map(|amount| Happened::GoodsBack { borne_by: Bearer::Store, amount }),
        amount().prop_map(|amount| Happened::Claimed { borne_by: Bearer::Store, amount }),
        amount().prop_map(|amount| Happened::WrittenOff { amount }),
    ]
}

proptest! {
    #[test]
    fn every_posting_and_the_whole_sum_to_nothing_and_no_more_is_paid_than_owed(
        story in prop::collection::vec((anything(), 0..12_u8, any::<bool>()), 0..40),
    ) {
        let mut ledger = Ledger::new(YEN);
        for (number, (happened, key, reverses)) in story.into_iter().enumerate() {
            let next = if reverses {
                ledger.reverse(&format!("back-{number}"), &key.to_string())
            } else {
                ledger.post(&key.to_string(), happened)
            };
            if let Ok(next) = next {
                prop_assert!(next.postings().starts_with(ledger.postings()), "append only");
                ledger = next;
            }
            for posting in ledger.postings() {
                prop_assert_eq!(posting.lines.iter().map(|line| line.amount).sum::<i64>(), 0);
            }
            prop_assert_eq!(ledger.balances().values().sum::<i64>(), 0);
            prop_assert!(ledger.owed() >= 0);
            let keys: std::collections::BTreeSet<_> =
                ledger.postings().iter().map(|posting| &posting.key).collect();
            prop_assert_eq!(keys.len(), ledger.postings().len());
        }
    }
}
