//! Which numbers are called: fixed lines and mobiles of Japan, by its numbering plan (T9).

use std::fmt;

/// Why a number is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unfit {
    /// Of another country.
    Foreign,
    /// It costs more than a call: 0570, 0990, 0180 and their like.
    Premium,
    /// Who is called pays, so it is a company's: 0120, 0800.
    Freephone,
    /// A pager, a machine, IP telephony, or nothing at all.
    NoLine,
}

impl Unfit {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Foreign, Self::Premium, Self::Freephone, Self::NoLine];

    /// The last part of its text key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Foreign => "foreign",
            Self::Premium => "premium",
            Self::Freephone => "freephone",
            Self::NoLine => "no-line",
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.name())
    }
}

/// Numbers that begin so, without the leading zero, cost more than a call.
const PREMIUM: [&str; 5] = ["570", "990", "180", "170", "910"];
/// The called party pays.
const FREEPHONE: [&str; 2] = ["120", "800"];

/// Whether a number in E.164 is called. Japan's plan: mobiles have ten digits and begin with 70, 80
/// or 90, fixed lines have nine; what else begins with 1 to 9 is a service.
///
/// # Errors
/// [`Unfit`]
pub fn check(e164: &str) -> Result<(), Unfit> {
    let Some(national) = e164.strip_prefix("+81") else { return Err(Unfit::Foreign) };
    let begins = |starts: &[&str]| starts.iter().any(|start| national.starts_with(start));
    if national.starts_with('0') || !national.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Unfit::NoLine);
    }
    match national.len() {
        // A mobile of 080-0… is none: 0800 is free of charge for who calls.
        10 if begins(&FREEPHONE) => Err(Unfit::Freephone),
        10 if begins(&["70", "80", "90"]) => Ok(()),
        9 if begins(&PREMIUM) => Err(Unfit::Premium),
        9 if begins(&FREEPHONE) => Err(Unfit::Freephone),
        9 if begins(&["20", "50", "60", "70", "80", "90"]) => Err(Unfit::NoLine),
        9 => Ok(()),
        _ if begins(&PREMIUM) => Err(Unfit::Premium),
        _ if begins(&FREEPHONE) => Err(Unfit::Freephone),
        _ => Err(Unfit::NoLine),
    }
}
