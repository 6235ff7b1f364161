//! What a provider of calls asks and tells: signed by it, about one ring of one call-back.
//!
//! No key of ours is sent; the signature over the whole request stands for it. A request that came
//! before, or of an earlier ring, changes nothing, so that replaying it is of no use (T13).

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::callback::{Command, State as Standing};
use domain::case::Actor;

use super::super::House;
use super::super::body::{self, SMALL_MAX};
use super::super::problem::{Kind, Problem};
use crate::callbacks::Numbered;
use crate::telephony::TwilioTelephone;
use crate::telephony::twilio::{Word, hangs_up, says_nothing};
use crate::text::Language;

/// Who wants the call presses this.
const YES: &str = "1";
/// Who wants no such call presses this.
const NO: &str = "9";

/// A request of the provider about one ring.
struct Heard<'a> {
    house: &'a House,
    twilio: &'a TwilioTelephone,
    one: Numbered,
    dial: u8,
    form: Vec<(String, String)>,
}

pub(in super::super) async fn hear(
    State(house): State<Arc<House>>,
    Path((id, dial, word)): Path<(String, u8, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let nowhere = || Problem::not_found("page");
    let (Some(twilio), Some(word)) = (&house.calling.twilio, Word::named(&word)) else {
        return Err(nowhere());
    };
    let (parts, body) = request.into_parts();
    let bytes = body::read(&parts.headers, body, SMALL_MAX).await?;
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&bytes).into_owned().collect();
    let signature = parts.headers.get("x-twilio-signature").and_then(|value| value.to_str().ok());
    let path = parts.uri.path_and_query().map_or_else(|| parts.uri.path(), |path| path.as_str());
    if !twilio.has_signed(path, &form, signature.unwrap_or_default()) {
        return Err(Problem::new(Kind::Forbidden, "not signed by the provider of calls"));
    }
    let one = house.callback_named(&id).await?;
    let heard = Heard { house: &house, twilio, one, dial, form };
    let said = match word {
        Word::Answered => heard.answered(),
        Word::Pressed => heard.pressed().await?,
        Word::Joined => heard.joined().await?,
        Word::Left => heard.left().await?,
        Word::Ended => heard.ended().await?,
    };
    Ok(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], said).into_response())
}

impl Heard<'_> {
    fn field(&self, name: &str) -> &str {
        let found = self.form.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    const fn language(&self) -> Language {
        if self.one.kept.english { Language::English } else { Language::Japanese }
    }

    /// It is this ring that goes on; otherwise it was called off, or rings again by now.
    fn is_current(&self) -> bool {
        let callback = &self.one.kept.callback;
        callback.state == Standing::Dialling && callback.dials == self.dial
    }

    /// A step; `false` where it cannot follow any more.
    async fn step(&self, command: Command) -> Result<bool, Problem> {
        match self.house.step_callback(self.one.id, &command, &Actor::System, None).await {
            Ok(after) => Ok(after.kept.callback.dials == self.dial),
            Err(problem) if problem.kind == Kind::Conflict => Ok(false),
            Err(problem) => Err(problem),
        }
    }

    fn answered(&self) -> String {
        if self.is_current() {
            self.twilio.asks(self.language(), self.one.id, self.dial)
        } else {
            hangs_up()
        }
    }

    async fn pressed(&self) -> Result<String, Problem> {
        let dial = self.dial;
        match self.field("Digits") {
            YES if self.step(Command::Consent { dial }).await? => {
                Ok(self.twilio.joins(self.language(), self.one.id, dial))
            }
            NO if self.step(Command::Decline { dial }).await? => {
                Ok(self.twilio.parts(self.language(), "callback-says-declined"))
            }
            YES | NO => Ok(hangs_up()),
            _ => Ok(self.answered()),
        }
    }

    async fn joined(&self) -> Result<String, Problem> {
        self.step(Command::Connect { dial: self.dial }).await?;
        Ok(says_nothing())
    }

    /// The desk's line was not reached: whoever waits is told, and called again.
    async fn left(&self) -> Result<String, Problem> {
        if matches!(self.field("DialCallStatus"), "completed" | "answered") {
            self.step(Command::Connect { dial: self.dial }).await?;
            return Ok(hangs_up());
        }
        self.step(Command::NoAnswer { dial: self.dial }).await?;
        Ok(self.twilio.parts(self.language(), "callback-says-not-reached"))
    }

    /// Busy, no answer, failed; or somebody hung up before the desk answered.
    async fn ended(&self) -> Result<String, Problem> {
        self.step(Command::NoAnswer { dial: self.dial }).await?;
        Ok(says_nothing())
    }
}
