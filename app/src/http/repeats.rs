//! `Idempotency-Key`: the same request again gets the same answer, and is done once
//! (draft-ietf-httpapi-idempotency-key-header).
//!
//! Events are recognised for ever by their `event_id`; this memory is for everything else a caller
//! may have to send twice, lasts a day, and is bounded.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use domain::time::{DAY, Micros};
use store::Remembered;

use super::Answer;
use super::problem::{Kind, Problem};

/// The header.
pub(super) const HEADER: &str = "idempotency-key";
/// Set on an answer given before.
pub(super) const REPLAYED: &str = "idempotent-replayed";
const KEY_MAX: usize = 255;
const LASTS: i64 = DAY;
const ANSWERS_MAX: usize = 100_000;
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// Who asked, under which key: two callers never see each other's answers.
type Name = [u8; 32];

/// Answers given to requests that carried a key.
#[derive(Default)]
pub(super) struct Repeats(Mutex<Book>);

#[derive(Default)]
struct Book {
    pages: HashMap<Name, Page>,
    order: VecDeque<(Name, Micros)>,
    bytes: usize,
}

struct Page {
    request: [u8; 32],
    since: Micros,
    answer: Option<Kept>,
}

#[derive(Clone)]
struct Kept {
    status: StatusCode,
    body: Bytes,
}

/// What is to be done with a request that carries a key.
pub(super) enum Turn<'a> {
    /// It is the first: do it and tell.
    First(Ticket<'a>),
    /// It was done; this was the answer.
    Again(Answer),
}

/// The right to do a request. Dropped without an answer, the key is free again.
pub(super) struct Ticket<'a> {
    repeats: &'a Repeats,
    name: Name,
    done: bool,
}

/// The key a request carries, if any.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=KEY_MAX).contains(&key.len()) => Ok(Some(key)),
        _ => Err(Problem::new(
            Kind::BadRequest,
            format!("Idempotency-Key: 1 to {KEY_MAX} visible ASCII characters"),
        )),
    }
}

/// The fingerprint of several parts, none of which can run into the next.
pub(super) fn fingerprint(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&part.len().to_le_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// The answer kept in the database, if it answered the same request.
pub(super) fn again(kept: Remembered, digest: &[u8]) -> Result<Answer, Problem> {
    if kept.digest != digest {
        return Err(reused());
    }
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    Ok(Kept { status, body: kept.response.into() }.into_answer())
}

fn reused() -> Problem {
    Problem::new(Kind::KeyReused, "this Idempotency-Key came with another request before")
}

impl Repeats {
    /// Whether the request named `name` is new, was answered, or is being answered.
    pub(super) fn turn(
        &self,
        name: Name,
        request: [u8; 32],
        now: Micros,
    ) -> Result<Turn<'_>, Problem> {
        let mut book = self.book();
        book.forget(now);
        match book.pages.get(&name) {
            Some(page) if page.request != request => Err(reused()),
            Some(Page { answer: None, .. }) => {
                let mut problem =
                    Problem::new(Kind::InProgress, "the first request is still being answered");
                problem.retry_after_seconds = Some(1);
                Err(problem)
            }
            Some(Page { answer: Some(kept), .. }) => Ok(Turn::Again(kept.clone().into_answer())),
            None => {
                book.pages.insert(name, Page { request, since: now, answer: None });
                book.order.push_back((name, now));
                Ok(Turn::First(Ticket { repeats: self, name, done: false }))
            }
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn into_answer(self) -> Answer {
        let mut answer = Answer::new(self.status, self.body);
        answer.headers.insert(REPLAYED, HeaderValue::from_static("true"));
        answer
    }
}

impl Ticket<'_> {
    /// Keeps `answer` for whoever asks again.
    pub(super) fn tell(mut self, answer: &Answer) {
        let kept = Kept { status: answer.status, body: answer.body.clone() };
        let mut book = self.repeats.book();
        if let Some(page) = book.pages.get_mut(&self.name) {
            page.answer = Some(kept);
            book.bytes += answer.body.len();
        }
        self.done = true;
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.repeats.book().pages.remove(&self.name);
        }
    }
}

impl Book {
    /// Lets go of what is old, and of the oldest where there is too much.
    fn forget(&mut self, now: Micros) {
        while let Some((name, since)) = self.order.front().copied() {
            let full = self.order.len() > ANSWERS_MAX || self.bytes > BYTES_MAX;
            if !full && now.since(since) < LASTS {
                return;
            }
            self.order.pop_front();
            if self.pages.get(&name).is_some_and(|page| page.since == since)
                && let Some(page) = self.pages.remove(&name)
            {
                self.bytes -= page.answer.map_or(0, |kept| kept.body.len());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const NOW: Micros = Micros(1_000_000);

    fn turn(repeats: &Repeats, request: u8, now: Micros) -> Result<Turn<'_>, Problem> {
        repeats.turn(fingerprint(&[b"key"]), [request; 32], now)
    }

    fn first(repeats: &Repeats, request: u8) -> Ticket<'_> {
        match turn(repeats, request, NOW).unwrap() {
            Turn::First(ticket) => ticket,
            Turn::Again(_) => unreachable!("nothing was told"),
        }
    }

    #[test]
    fn the_same_request_gets_the_same_answer_and_another_is_refused() {
        let repeats = Repeats::default();
        first(&repeats, 1).tell(&Answer::new(StatusCode::CREATED, Bytes::from_static(b"{}")));
        let Turn::Again(answer) = turn(&repeats, 1, NOW).unwrap() else { unreachable!() };
        assert_eq!((answer.status, &answer.body[..]), (StatusCode::CREATED, &b"{}"[..]));
        assert_eq!(turn(&repeats, 2, NOW).err().unwrap().kind, Kind::KeyReused);
    }

    #[test]
    fn a_request_still_being_answered_is_not_done_twice() {
        let repeats = Repeats::default();
        let ticket = first(&repeats, 1);
        assert_eq!(turn(&repeats, 1, NOW).err().unwrap().kind, Kind::InProgress);
        drop(ticket);
        first(&repeats, 1);
    }

    #[test]
    fn an_answer_is_forgotten_after_a_day() {
        let repeats = Repeats::default();
        first(&repeats, 1).tell(&Answer::new(StatusCode::OK, Bytes::new()));
        assert!(matches!(turn(&repeats, 2, NOW.plus(LASTS)), Ok(Turn::First(_))));
    }
}
