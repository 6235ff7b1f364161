//! The hash chain: each record's hash covers the hash before it, so a changed, removed or
//! inserted row is found (X12).

use ring::digest::{Context, SHA256};

use crate::row::Row;

/// A link of the chain: SHA-256.
pub(crate) type Link = [u8; 32];

/// The chain before the first record.
pub(crate) const GENESIS: Link = [0; 32];

/// Hash of `row` after `previous`. Every column counts, each behind its length; the sealed body
/// counts as it is stored, so erasing a person's key leaves the chain whole.
pub(crate) fn link(previous: &Link, row: &Row) -> Link {
    let mut context = Context::new(&SHA256);
    context.update(previous);
    for number in [row.kind, row.flags, row.policy, row.received_at, row.content] {
        context.update(&number.to_be_bytes());
    }
    context.update(&row.position.to_be_bytes());
    for wide in [row.event, row.account, row.decision] {
        part(&mut context, wide.map(u128::to_be_bytes).as_ref().map(<[u8; 16]>::as_slice));
    }
    part(&mut context, Some(&row.packed));
    part(&mut context, row.body.as_deref());
    let mut link = GENESIS;
    for (byte, hashed) in link.iter_mut().zip(context.finish().as_ref()) {
        *byte = *hashed;
    }
    link
}

fn part(context: &mut Context, bytes: Option<&[u8]>) {
    let length = bytes.map_or(u64::MAX, |bytes| bytes.len() as u64);
    context.update(&length.to_be_bytes());
    context.update(bytes.unwrap_or_default());
}
