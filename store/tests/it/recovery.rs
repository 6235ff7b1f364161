//! Crash anywhere, start again: memory is what it would have been.

use domain::memory::Memory;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use store::{Batch, Checkpoint, CheckpointLimits, Store, Wanted};

use crate::support::events::{account, outcome, record, sign_in, take_in};
use crate::support::on_both_engines;

const ACCOUNTS: u64 = 12;

/// One step of a life: how many events in the batch, of which account they begin, and whether the
/// process dies after it.
#[derive(Debug, Clone)]
struct Step {
    records: u64,
    account: u64,
    dies: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (1..8_u64, 0..ACCOUNTS, prop::bool::weighted(0.2))
        .prop_map(|(records, account, dies)| Step { records, account, dies });
    prop::collection::vec(step, 1..14)
}

struct Judge {
    memory: Memory,
    checkpoint: Checkpoint,
}

impl Judge {
    const LIMITS: CheckpointLimits = CheckpointLimits { tail_max: 16, accounts_max: 4 };

    fn new() -> Self {
        Self { memory: Memory::default(), checkpoint: Checkpoint::new(Self::LIMITS) }
    }

    /// Loads, remembers, commits and evicts, as the app's judge does.
    async fn judge(&mut self, store: &Store, step: &Step) {
        let head = store.head().await.unwrap();
        let mut batch = Batch::default();
        for n in 1..=step.records {
            let at = head.position + n;
            let observation = sign_in(at, (step.account + n * n) % ACCOUNTS);
            batch.records.push(if n % 4 == 3 {
                outcome(at, &observation, at - 1)
            } else {
                record(at, observation)
            });
        }
        let profiles = (0..ACCOUNTS).map(account);
        let wanted = Wanted {
            profiles: profiles.filter(|key| self.memory.account(*key).is_none()).collect(),
            ..Wanted::default()
        };
        for (key, profile) in store.load(&wanted).await.unwrap().profiles {
            self.memory.restore_account(key, profile);
            self.checkpoint.restored(key);
        }
        for record in &batch.records {
            take_in(&mut self.memory, &mut self.checkpoint, record);
        }
        self.checkpoint.fill(&mut batch, &self.memory);
        let head = store.commit(&head, batch).await.unwrap();
        self.checkpoint.committed(head.position);
        self.checkpoint.evict(&mut self.memory);
    }

    /// Brings every account into memory, so that two memories can be compared.
    async fn load_all(&mut self, store: &Store) {
        let all: Vec<_> =
            (0..ACCOUNTS).map(account).filter(|key| self.memory.account(*key).is_none()).collect();
        let wanted = Wanted { profiles: all, ..Wanted::default() };
        for (key, profile) in store.load(&wanted).await.unwrap().profiles {
            self.memory.restore_account(key, profile);
        }
    }
}

async fn recovered(store: &Store) -> Judge {
    let mut judge = Judge::new();
    let head = store.recover(&mut judge.memory, &mut judge.checkpoint).await.unwrap();
    assert_eq!(head, store.head().await.unwrap());
    judge
}

/// Feeds a memory that never dies, saves or forgets.
fn uninterrupted(steps: &[Step]) -> Memory {
    let (mut memory, mut checkpoint) =
        (Memory::default(), Checkpoint::new(CheckpointLimits::default()));
    let mut position = 0;
    for step in steps {
        for n in 1..=step.records {
            let at = position + n;
            let observation = sign_in(at, (step.account + n * n) % ACCOUNTS);
            let record = if n % 4 == 3 {
                outcome(at, &observation, at - 1)
            } else {
                record(at, observation)
            };
            take_in(&mut memory, &mut checkpoint, &record);
        }
        position += step.records;
    }
    memory
}

fn assert_same(left: &Memory, right: &Memory) {
    assert_eq!(left.crowd(), right.crowd());
    for number in 0..ACCOUNTS {
        assert_eq!(left.account(account(number)), right.account(account(number)), "{number}");
    }
}

#[tokio::test]
async fn a_life_with_crashes_remembers_what_a_life_without_them_would() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..6 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        on_both_engines(async |database| {
            let store = database.open().await;
            let mut judge = recovered(&store).await;
            for (number, step) in steps.iter().enumerate() {
                judge.judge(&store, step).await;
                if step.dies {
                    judge = recovered(&store).await;
                    let mut whole = uninterrupted(&steps[..=number]);
                    judge.load_all(&store).await;
                    assert_same(&judge.memory, &whole);
                    whole.evict_account(account(0));
                }
            }
            judge.load_all(&store).await;
            assert_same(&judge.memory, &uninterrupted(&steps));
        })
        .await;
    }
}
