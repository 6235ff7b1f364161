//! What shows that a pack is the one that was made: the digest of its content, and rows of the audit
//! trail that anybody can compute again.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{AuditRow, DocumentKind};
use utoipa::ToSchema;

use super::{Item, Pack};
use crate::cases::Numbered;
use crate::evidence::sha256;
use crate::http::House;
use crate::http::problem::Problem;

/// Rows of one document in a proof.
const ROWS_MAX: u32 = 5_000;

/// A pack's proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PackProof)]
pub struct Proof {
    /// SHA-256 of the content, as JSON with its keys sorted and without spaces.
    pub sha256: String,
    /// Rows of the audit trail about the case and what belongs to it, in the trail's order. The words
    /// of one of them, a step of the case, name the content's digest.
    pub trail: Vec<Row>,
    /// Where the log of events stood when the pack was handed out: its last position and link.
    pub log: LogHead,
}

/// A row of the audit trail. `link` is SHA-256 of: `previous`; `position`, `at` (microseconds since
/// 1970), `what`, `kind`, `version`, 8 bytes each, the highest first; `id`, 16 bytes; then `account`,
/// `digest` and `told`, each behind its length in 8 bytes, all bits set for `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PackTrailRow)]
#[expect(missing_docs, reason = "said together above")]
pub struct Row {
    pub position: u64,
    pub at: i64,
    /// 1 written, 2 removed, 3 done.
    pub what: i64,
    /// Kind of the document, by number: 13 case, 20 restitution, 30 file, 31 call-back, 33 pack.
    pub kind: i64,
    pub version: u64,
    pub id: String,
    pub account: Option<String>,
    /// SHA-256 of what the document's row says since.
    pub digest: Option<String>,
    /// SHA-256 of its words, as they are sealed.
    pub told: Option<String>,
    pub previous: String,
    pub link: String,
}

/// Where the log stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PackLogHead)]
#[expect(missing_docs, reason = "said at its use")]
pub struct LogHead {
    pub position: u64,
    pub link: String,
}

/// Why a pack is not taken for genuine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The content is another than the proof names.
    #[error("the content is not the one whose digest the proof names")]
    Content,
    /// A row's link is not what follows from the row.
    #[error("row {0} of the trail does not follow from what stands in it")]
    Row(u64),
    /// Rows that follow each other do not fit.
    #[error("row {0} of the trail does not follow the row before it")]
    Order(u64),
    /// The trail of this instance has another link there, or none.
    #[error("row {0} is not in this instance's audit trail")]
    Elsewhere(u64),
    /// No step of the case names the content's digest.
    #[error("this instance made no pack with this content")]
    NeverMade,
}

impl Proof {
    /// Whether the rows are what their links say, and follow each other.
    ///
    /// # Errors
    /// The first doubt.
    pub fn check(&self, content: &Value) -> Result<(), Doubt> {
        if sha256(canonical(content).as_bytes()) != self.sha256 {
            return Err(Doubt::Content);
        }
        let mut before: Option<&Row> = None;
        for row in &self.trail {
            if row.expected().as_ref() != Some(&row.link) {
                return Err(Doubt::Row(row.position));
            }
            if let Some(before) = before {
                let follows = before.position + 1 != row.position || before.link == row.previous;
                if row.position <= before.position || !follows {
                    return Err(Doubt::Order(row.position));
                }
            }
            before = Some(row);
        }
        Ok(())
    }
}

impl Row {
    fn of(row: &AuditRow) -> Self {
        Self {
            position: row.position,
            at: row.at.0,
            what: row.what as i64,
            kind: row.kind,
            version: row.version,
            id: hex(&row.id.to_be_bytes()),
            account: row.account.map(|account| hex(&account.0.to_be_bytes())),
            digest: row.digest.as_ref().map(|digest| hex(digest)),
            told: row.told_digest.as_ref().map(|told| hex(told)),
            previous: hex(&row.previous),
            link: hex(&row.link),
        }
    }

    /// The link that follows from what stands here; `None` where a field is no hexadecimal.
    fn expected(&self) -> Option<String> {
        let mut bytes = unhex(&self.previous)?;
        bytes.extend(self.position.to_be_bytes());
        for number in [self.at, self.what, self.kind] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend(self.version.to_be_bytes());
        bytes.extend(unhex(&self.id)?);
        for part in [&self.account, &self.digest, &self.told] {
            let part =
                part.as_ref().map(|part| unhex(part)).map_or(Some(None), |part| part.map(Some))?;
            let length = part.as_ref().map_or(u64::MAX, |part| part.len() as u64);
            bytes.extend(length.to_be_bytes());
            bytes.extend(part.unwrap_or_default());
        }
        Some(sha256(&bytes))
    }
}

impl House {
    pub(super) async fn proof_of(&self, case: &Numbered, item: &Item) -> Result<Proof, Problem> {
        let mut documents = vec![(DocumentKind::Case, case.id), (DocumentKind::Pack, item.id)];
        documents.extend(case.kept.evidence.iter().map(|file| (DocumentKind::Evidence, file.id)));
        documents.extend(case.kept.callbacks.iter().map(|id| (DocumentKind::Callback, *id)));
        let made = self.restitutions(case).await?;
        documents.extend(made.iter().map(|one| (DocumentKind::Restitution, one.id)));
        let mut rows = Vec::new();
        for (kind, id) in documents {
            rows.extend(self.store.audit_of(kind, id, 0, ROWS_MAX).await?);
        }
        rows.sort_by_key(|row| row.position);
        let head = self.store.head().await?;
        Ok(Proof {
            sha256: item.sha256.clone(),
            trail: rows.iter().map(Row::of).collect(),
            log: LogHead { position: head.position, link: hex(&head.chain) },
        })
    }
}

/// Whether a pack is one that the instance behind `store` made: every row stands in its trail, and a
/// step of a case names the content.
///
/// # Errors
/// It cannot be read; within, the first doubt.
pub async fn check_against(
    pack: &Pack,
    store: &store::Store,
) -> Result<Result<(), Doubt>, store::StoreError> {
    if let Err(doubt) = pack.proof.check(&pack.content) {
        return Ok(Err(doubt));
    }
    let mut made = false;
    for row in &pack.proof.trail {
        let link = store.audit_link(row.position).await?;
        if link.map(|link| hex(&link)) != Some(row.link.clone()) {
            return Ok(Err(Doubt::Elsewhere(row.position)));
        }
        if row.kind == DocumentKind::Case as i64 && !made {
            made = names(pack, store, row).await?;
        }
    }
    Ok(if made { Ok(()) } else { Err(Doubt::NeverMade) })
}

/// The words of this row name the content's digest.
async fn names(pack: &Pack, store: &store::Store, row: &Row) -> Result<bool, store::StoreError> {
    let Some(id) = unhex(&row.id).and_then(|id| id.try_into().ok()).map(u128::from_be_bytes) else {
        return Ok(false);
    };
    let found = store.audit_of(DocumentKind::Case, id, row.position - 1, 1).await?;
    let told = found.first().and_then(|row| row.told.as_deref()).unwrap_or_default();
    let acts: Vec<crate::audit::Act> = serde_json::from_slice(told).unwrap_or_default();
    let named = format!("sha256:{}", pack.proof.sha256);
    Ok(acts.iter().any(|act| {
        act.did == "packed" && act.reason.as_ref().is_some_and(|said| said.contains(&named))
    }))
}

/// JSON with its keys sorted and without spaces: the same bytes from whoever writes it, as `jq -cS`
/// does. What goes in has no floats.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            let fields = sorted
                .iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        plain => plain.to_string(),
    }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).ok()
}
