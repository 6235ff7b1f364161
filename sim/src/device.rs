//! Devices and the user agents they send.

use crate::dice::{Dice, mix};

/// Software a person uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Software {
    IphoneSafari,
    AndroidChrome,
    WindowsChrome,
    WindowsEdge,
    WindowsFirefox,
    MacSafari,
    MacChrome,
    /// A script with an HTTP library.
    Script,
}

/// Phones in Japan, about.
const PHONES: [(Software, u32); 2] = [(Software::IphoneSafari, 58), (Software::AndroidChrome, 42)];
/// Computers, about.
const COMPUTERS: [(Software, u32); 5] = [
    (Software::WindowsChrome, 48),
    (Software::WindowsEdge, 26),
    (Software::WindowsFirefox, 6),
    (Software::MacSafari, 11),
    (Software::MacChrome, 9),
];

/// One device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// What runs on it.
    pub software: Software,
    /// Days it lags behind new versions.
    pub lag_days: u32,
    /// What its token is made of; `None` where the browser keeps none.
    pub token: Option<u64>,
}

impl Device {
    /// A phone; `key` names it.
    pub fn phone(key: u64) -> Self {
        Self::of(&PHONES, key, 0.03)
    }

    /// A computer; `key` names it.
    pub fn computer(key: u64) -> Self {
        Self::of(&COMPUTERS, key, 0.08)
    }

    fn of(choices: &[(Software, u32)], key: u64, forgetful: f64) -> Self {
        let mut dice = Dice::of(key, &[0xde]);
        let software = dice.weighted(choices);
        let lag_days = u32::try_from(dice.below(40)).unwrap_or_default();
        let token = (!dice.chance(forgetful)).then(|| mix(key, &[0x70]));
        Self { software, lag_days, token }
    }

    /// A script.
    pub const fn script() -> Self {
        Self { software: Software::Script, lag_days: 0, token: None }
    }

    /// The same software without anything the shop has left on it.
    #[must_use]
    pub const fn imitated(self) -> Self {
        Self { token: None, ..self }
    }

    /// The same device after its cookies went.
    #[must_use]
    pub fn with_fresh_token(self, key: u64) -> Self {
        Self { token: Some(mix(key, &[0x71])), ..self }
    }

    /// The user agent it sends on day `day` of the simulation.
    pub fn user_agent(&self, day: u32) -> String {
        let age = (day + 400).saturating_sub(self.lag_days);
        let (chrome, firefox) = (132 + age / 28, 133 + age / 28);
        let safari = format!("18.{}", 1 + (age / 60).min(9));
        let webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
        let blink = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let windows = "Windows NT 10.0; Win64; x64";
        let mac = "Macintosh; Intel Mac OS X 10_15_7";
        match self.software {
            Software::IphoneSafari => {
                let system = safari.replace('.', "_");
                format!(
                    "Mozilla/5.0 (iPhone; CPU iPhone OS {system} like Mac OS X) {webkit} \
                     Version/{safari} Mobile/15E148 Safari/604.1"
                )
            }
            Software::AndroidChrome => format!(
                "Mozilla/5.0 (Linux; Android 10; K) {blink} Chrome/{chrome}.0.0.0 Mobile \
                 Safari/537.36"
            ),
            Software::WindowsChrome => {
                format!("Mozilla/5.0 ({windows}) {blink} Chrome/{chrome}.0.0.0 Safari/537.36")
            }
            Software::WindowsEdge => format!(
                "Mozilla/5.0 ({windows}) {blink} Chrome/{chrome}.0.0.0 Safari/537.36 \
                 Edg/{chrome}.0.0.0"
            ),
            Software::WindowsFirefox => {
                format!(
                    "Mozilla/5.0 ({windows}; rv:{firefox}.0) Gecko/20100101 Firefox/{firefox}.0"
                )
            }
            Software::MacSafari => {
                format!("Mozilla/5.0 ({mac}) {webkit} Version/{safari} Safari/605.1.15")
            }
            Software::MacChrome => {
                format!("Mozilla/5.0 ({mac}) {blink} Chrome/{chrome}.0.0.0 Safari/537.36")
            }
            Software::Script => "python-requests/2.32.3".to_owned(),
        }
    }
}
