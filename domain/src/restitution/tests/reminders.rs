//! A task that waits is told once.

use super::*;
use crate::time::DAY;

#[test]
fn a_task_that_waits_for_a_day_is_told_once_and_a_done_one_never() {
    let late = after(simple(ParcelState::Delivered, 48_000), &then(&[(Command::Tick, 7 * DAY)]));
    let since = NOW.plus(7 * DAY);
    assert_eq!(late.tasks.first().unwrap().reminds_at(), Some(since.plus(DAY)));
    assert!(late.due_at(since).unwrap() <= since.plus(DAY), "and it is looked at in time");
    let tick = |one: &Restitution, at| one.next(&Command::Tick, &Actor::System, at).unwrap();
    assert_eq!(tick(&late, since.plus(DAY - 1)).1, []);
    let (told, actions) = tick(&late, since.plus(DAY));
    assert_eq!(actions, [Action::RemindOf(TaskKind::SellerSilent, id())]);
    assert_eq!(tick(&told, since.plus(9 * DAY)).1, [], "once");
    let done = late.next(&Command::TaskDone(0), &agent(), since).unwrap().0;
    assert_eq!(tick(&done, since.plus(DAY)).1, [], "nobody is told of what is done");
}
