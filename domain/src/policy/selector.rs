//! Which types of events are meant: `login`, a group such as `order.*`, or `*`.

use super::names::EVENT_TYPES;

/// The types `selector` names, one bit each; `None` where there is no such type or group.
pub(super) fn types_of(selector: &str) -> Option<u64> {
    let prefix = selector.strip_suffix('*').filter(|rest| rest.is_empty() || rest.ends_with('.'));
    let types = EVENT_TYPES.iter().enumerate().filter(|(_, (_, name))| match prefix {
        Some("custom.") => *name == "custom",
        Some(prefix) => name.starts_with(prefix),
        None => *name == selector,
    });
    let types = types.fold(0, |types, (place, _)| types | (1 << place));
    (types != 0).then_some(types)
}

/// How narrow a selector is: an exact type beats a group, and a group beats `*`.
pub(super) fn narrowness(selector: &str) -> u8 {
    match selector {
        "*" => 0,
        group if group.ends_with('*') => 1,
        _ => 2,
    }
}

/// Every selector there is, to suggest one.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    let groups = ["*", "credential.*", "profile.*", "payment_method.*", "order.*", "payment.*"];
    let more = ["shipment.*", "payout.*", "session.*", "custom.*"];
    EVENT_TYPES.iter().map(|(_, name)| *name).chain(groups).chain(more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_names_its_types_and_a_star_names_all() {
        assert_eq!(types_of("order.*").map(u64::count_ones), Some(3));
        assert_eq!(types_of("*").map(u64::count_ones), Some(35));
        assert_eq!(types_of("login").map(u64::count_ones), Some(1));
        assert_eq!(types_of("custom.*"), types_of("custom"));
        assert_eq!(types_of("ord*"), None);
        assert_eq!(types_of("logins"), None);
        assert!(all().all(|selector| types_of(selector).is_some()));
    }
}
