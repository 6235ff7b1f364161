//! Bodies: read under a limit, and known to be UTF-8 before anybody looks inside.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::Deserialize;

use super::problem::{Kind, Problem};

/// Longest body in bytes: 8 MiB.
pub const BODY_MAX: usize = 8 * 1024 * 1024;
/// Longest body of a request that carries no events.
pub const SMALL_MAX: usize = 1024 * 1024;

/// What a body claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// One JSON document.
    Json,
    /// One JSON document a line.
    Ndjson,
}

/// What the body claims to be; a body without a claim is taken for JSON.
pub fn media(headers: &HeaderMap) -> Result<Media, Problem> {
    let Some(claim) = headers.get(header::CONTENT_TYPE) else { return Ok(Media::Json) };
    let claim = claim.to_str().unwrap_or_default();
    let essence = claim.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => Ok(Media::Json),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Media::Ndjson),
        _ if essence.starts_with("application/") && essence.ends_with("+json") => Ok(Media::Json),
        _ => Err(Problem::new(
            Kind::UnsupportedMediaType,
            "send application/json, or application/x-ndjson for a batch",
        )),
    }
}

/// Reads the whole body, `max` bytes at most.
pub async fn read(headers: &HeaderMap, body: Body, max: usize) -> Result<Bytes, Problem> {
    let claimed = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if claimed.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > max) {
        return Err(too_large(max));
    }
    match Limited::new(body, max).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(too_large(max)),
        Err(_) => Err(Problem::new(Kind::BadRequest, "the body broke off")),
    }
}

fn too_large(max: usize) -> Problem {
    Problem::new(Kind::TooLarge, format!("a body may have {max} bytes"))
}

/// The body as text, or where it stops being UTF-8.
pub fn utf8(body: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(body).map_err(|error| {
        let offset = error.valid_up_to();
        let mut problem = Problem::new(Kind::NotUtf8, format!("not UTF-8 from byte {offset} on"));
        problem.byte_offset = Some(offset);
        problem
    })
}

/// Reads JSON into a shape of our own; what does not fit is named by its JSON pointer.
pub fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Problem> {
    let text = utf8(body)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| unfit(&pointer(error.path()), error.inner()))?;
    reader.end().map_err(|error| unfit("", &error))?;
    Ok(value)
}

fn unfit(pointer: &str, error: &serde_json::Error) -> Problem {
    let detail = error.to_string();
    match error.classify() {
        serde_json::error::Category::Data => Problem::invalid(pointer, detail),
        serde_json::error::Category::Syntax
        | serde_json::error::Category::Eof
        | serde_json::error::Category::Io => Problem::new(Kind::NotJson, detail),
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
            Segment::Map { key } | Segment::Enum { variant: key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => {}
        }
    }
    pointer
}
