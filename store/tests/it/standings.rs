//! The desk's two queues: who is lost is never hidden by who is attacked.

use std::sync::Arc;

use domain::decision::{Assessment, Standing};
use domain::event::Status;
use domain::memory::{Outcome, Position};
use domain::observation::Observation;
use domain::time::{DAY, HOUR, Micros, SECOND};
use store::{Cursor, Head, NewRecord, Payload, StandingAccount, Store};

use crate::support::events::{NOON, account, batch, decision, outcome, record, sign_in};
use crate::support::on_both_engines;

/// When the queues are read: after every record of these tests.
const NOW: Micros = Micros(NOON.0 + HOUR);

/// A failed sign-in of account `number`, while it stands so.
fn failure(position: Position, number: u64, standing: Standing) -> NewRecord {
    let observation = Observation { status: Status::Failed, ..sign_in(position, number) };
    judged_to_stand(record(position, observation), standing)
}

fn judged_to_stand(mut record: NewRecord, standing: Standing) -> NewRecord {
    if let Payload::Event { assessment, .. } = &mut record.payload {
        *assessment = Arc::new(Assessment { standing, score: 0.25, ..(**assessment).clone() });
    }
    record
}

fn told(position: Position, number: u64, of: Position, outcome_told: Outcome) -> NewRecord {
    let mut record = outcome(position, &sign_in(of, number), of);
    if let Payload::Outcome { outcome, .. } = &mut record.payload {
        *outcome = outcome_told;
    }
    record
}

async fn write(store: &Store, head: &mut Head, records: Vec<NewRecord>) {
    *head = store.commit(head, batch(records)).await.unwrap();
}

/// Twelve failures of account `number`: it is attacked, and holds.
async fn attack(store: &Store, head: &mut Head, number: u64) {
    let from = head.position + 1;
    let standing = |at| if at < 5 { Standing::Quiet } else { Standing::AttackedHeld };
    write(store, head, (0..12).map(|at| failure(from + at, number, standing(at))).collect()).await;
}

/// A sign-in of account `number` that a person then calls a takeover.
async fn take_over(store: &Store, head: &mut Head, number: u64) -> Position {
    let at = head.position + 1;
    let entered = record(at, sign_in(at, number));
    write(store, head, vec![entered, told(at + 1, number, at, Outcome::ConfirmedTakeover)]).await;
    at
}

async fn queue(store: &Store, standing: Standing, now: Micros) -> Vec<StandingAccount> {
    let page = store.standings(standing, now, 500, None).await.unwrap();
    assert_eq!(page.next, None);
    page.accounts
}

#[tokio::test]
async fn many_attacked_accounts_that_held_do_not_hide_the_one_taken_over() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let mut head = store.head().await.unwrap();
        attack(&store, &mut head, 1).await;
        let entered = take_over(&store, &mut head, 1).await;
        for number in 2..=230 {
            attack(&store, &mut head, number).await;
        }
        let lost = queue(&store, Standing::TakenOver, NOW).await;
        assert_eq!(lost.len(), 1);
        assert_eq!((lost[0].key, lost[0].name.as_deref()), (account(1), Some("u-1")));
        assert_eq!((lost[0].decision, lost[0].score), (decision(entered), 0.125));

        let (mut attacked, mut cursor) = (Vec::new(), None);
        loop {
            let page = store.standings(Standing::AttackedHeld, NOW, 7, cursor).await.unwrap();
            attacked.extend(page.accounts.iter().map(|it| it.key));
            // Whoever is attacked again keeps the place in the queue.
            if attacked.len() == 7 {
                attack(&store, &mut head, 5).await;
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let expected: Vec<_> = (2..=230).rev().map(account).collect();
        assert_eq!(attacked, expected, "newest first, each once, and not the one taken over");
        assert_eq!(queue(&store, Standing::Quiet, NOW).await, []);
    })
    .await;
}

#[tokio::test]
async fn whom_time_or_proof_has_cleared_is_in_no_queue() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let mut head = store.head().await.unwrap();
        attack(&store, &mut head, 1).await;
        let entered = take_over(&store, &mut head, 2).await;
        assert_eq!(queue(&store, Standing::AttackedHeld, NOW).await.len(), 1);
        assert_eq!(queue(&store, Standing::AttackedHeld, NOW.plus(9 * DAY)).await, []);
        assert_eq!(
            queue(&store, Standing::TakenOver, NOW.plus(99 * DAY)).await.len(),
            1,
            "what a person has confirmed does not pass by itself"
        );
        let at = head.position + 1;
        let owner = sign_in(at, 2);
        let proved = told(at + 1, 2, at, Outcome::ConfirmedOwner);
        write(&store, &mut head, vec![record(at, owner), proved]).await;
        assert!(at > entered);
        assert_eq!(queue(&store, Standing::TakenOver, NOW).await, []);
    })
    .await;
}

#[tokio::test]
async fn an_account_taken_over_again_after_its_owner_was_there_is_a_new_case() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let mut head = store.head().await.unwrap();
        let since = |position: Position| Micros(NOON.0 + position.cast_signed() * SECOND);
        let first = take_over(&store, &mut head, 1).await;
        take_over(&store, &mut head, 2).await;
        take_over(&store, &mut head, 1).await;
        let lost = queue(&store, Standing::TakenOver, NOW).await;
        assert_eq!(lost.iter().map(|it| it.key).collect::<Vec<_>>(), [account(2), account(1)]);
        assert_eq!(lost[1].since, since(first + 1), "it has stood so all the while");

        let at = head.position + 1;
        let proved = told(at + 1, 1, at, Outcome::ConfirmedOwner);
        write(&store, &mut head, vec![record(at, sign_in(at, 1)), proved]).await;
        let again = take_over(&store, &mut head, 1).await;
        let lost = queue(&store, Standing::TakenOver, NOW).await;
        assert_eq!(lost.iter().map(|it| it.key).collect::<Vec<_>>(), [account(1), account(2)]);
        assert_eq!(lost[0].since, since(again + 1));
    })
    .await;
}

#[tokio::test]
async fn a_page_of_many_gone_quiet_is_short_and_says_where_to_go_on() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let mut head = store.head().await.unwrap();
        attack(&store, &mut head, 1).await;
        // Judged to be attacked once, and quiet by what is known now.
        let from = head.position + 1;
        let quiet = (0..2_100).map(|at| failure(from + at, 10 + at, Standing::AttackedHeld));
        write(&store, &mut head, quiet.collect()).await;
        let first = store.standings(Standing::AttackedHeld, NOW, 5, None).await.unwrap();
        assert_eq!((first.accounts.len(), first.next), (0, Some(Cursor(from + 100))));
        let rest = store.standings(Standing::AttackedHeld, NOW, 5, first.next).await.unwrap();
        assert_eq!((rest.accounts.len(), rest.next), (1, None));
    })
    .await;
}

#[tokio::test]
async fn a_person_who_was_erased_is_in_no_queue() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let mut head = store.head().await.unwrap();
        take_over(&store, &mut head, 1).await;
        assert!(store.erase_account(account(1), NOW).await.unwrap());
        assert_eq!(queue(&store, Standing::TakenOver, NOW).await, []);
    })
    .await;
}
