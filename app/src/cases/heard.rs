//! What a case reads of every event of a history. A history has thousands of events: only these
//! fields of their JSON are kept, and whatever is not as api.md has it is passed over.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What a case reads of an event.
#[derive(Debug, Default)]
pub struct Heard {
    /// Whose account.
    pub account: Account,
    /// The order it is about.
    pub order: Order,
    /// The parcel it is about.
    pub shipment: Shipment,
    /// The payment it is about.
    pub payment: Payment,
    /// How a dispute stands, as the store names it.
    pub dispute: Dispute,
}

/// The account of an event.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Account {
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// The order of an event.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Order {
    pub id: Option<String>,
    pub amount: Money,
    /// Beside the amount, where the amount is a number.
    pub currency: Option<String>,
    pub lines: Lines,
    pub ship_to: ShipTo,
    pub payment: Payment,
}

/// The lines of an order.
#[derive(Debug, Default)]
pub struct Lines {
    /// One of them is a gift code or a download.
    pub digital: bool,
}

/// A number of minor units, or the same with its currency.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Money {
    pub amount: Option<i64>,
    pub currency: Option<String>,
}

/// Where an order goes.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct ShipTo {
    pub address_id: Option<String>,
    pub postcode: Option<String>,
}

/// How something was paid.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Payment {
    pub order_id: Option<String>,
    pub last4: Option<String>,
}

/// A parcel.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Shipment {
    pub id: Option<String>,
    pub order_id: Option<String>,
}

/// A dispute.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "named as in api.md")]
pub struct Dispute {
    pub status: Option<String>,
}

impl Heard {
    /// Reads an event; of what is no JSON, nothing.
    pub fn read(json: &[u8]) -> Self {
        let mut heard = Self::default();
        let mut from = serde_json::Deserializer::from_slice(json);
        match Fill(&mut heard).deserialize(&mut from) {
            Ok(()) => heard,
            Err(_) => Self::default(),
        }
    }

    /// The order it is about.
    pub fn order_id(&self) -> Option<&str> {
        let (order, shipment) = (&self.order.id, &self.shipment.order_id);
        order.as_deref().or(shipment.as_deref()).or(self.payment.order_id.as_deref())
    }
}

impl Order {
    /// Where it goes, as the store names it.
    pub fn address(&self) -> Option<&str> {
        self.ship_to.address_id.as_deref().or(self.ship_to.postcode.as_deref())
    }
}

/// A place for a value; whatever does not fit leaves it as it is.
trait Place {
    fn text(&mut self, _: &str) {}
    fn number(&mut self, _: i64) {}
    fn field(&mut self, _: &str) -> Option<&mut dyn Place> {
        None
    }
    fn item(&mut self) -> Option<&mut dyn Place> {
        None
    }
}

impl Place for Option<String> {
    fn text(&mut self, text: &str) {
        *self = Some(text.to_owned());
    }
}

impl Place for Option<i64> {
    fn number(&mut self, number: i64) {
        *self = Some(number);
    }
}

impl Place for Lines {
    fn item(&mut self) -> Option<&mut dyn Place> {
        Some(self)
    }

    fn field(&mut self, name: &str) -> Option<&mut dyn Place> {
        (name == "kind").then_some(self)
    }

    fn text(&mut self, kind: &str) {
        self.digital |= matches!(kind, "digital" | "gift_card");
    }
}

impl Place for Money {
    fn number(&mut self, number: i64) {
        self.amount = Some(number);
    }

    fn field(&mut self, name: &str) -> Option<&mut dyn Place> {
        Some(match name {
            "amount" => &mut self.amount,
            "currency" => &mut self.currency,
            _ => return None,
        })
    }
}

/// Fields under their own names.
macro_rules! fields {
    ($($shape:ty { $($name:ident),+ })+) => {$(
        impl Place for $shape {
            fn field(&mut self, name: &str) -> Option<&mut dyn Place> {
                Some(match name {
                    $(stringify!($name) => &mut self.$name,)+
                    _ => return None,
                })
            }
        }
    )+};
}

fields! {
    Heard { account, order, shipment, payment, dispute }
    Account { email, phone }
    Order { id, amount, currency, lines, ship_to, payment }
    ShipTo { address_id, postcode }
    Payment { order_id, last4 }
    Shipment { id, order_id }
    Dispute { status }
}

/// Reads a value into its place.
struct Fill<'a>(&'a mut dyn Place);

/// A key as it stands, copied only where it has escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> DeserializeSeed<'de> for Fill<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Fill<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.text(text);
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.0.number(number);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        if let Ok(number) = i64::try_from(number) {
            self.0.number(number);
        }
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(name)) = map.next_key()? {
            match self.0.field(&name) {
                Some(place) => map.next_value_seed(Fill(place))?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        loop {
            let read = match self.0.item() {
                Some(place) => items.next_element_seed(Fill(place))?.is_some(),
                None => items.next_element::<IgnoredAny>()?.is_some(),
            };
            if !read {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Heard;

    #[test]
    fn what_is_as_told_is_read_and_the_rest_is_passed_over() {
        let json = br#"{"account":{"email":"a@example.jp","phone":null,"roles":["buyer"]},
            "order":{"id":"o-9","amount":4200,"currency":"JPY","lines":[{"kind":"gift_card"},7],
              "ship_to":{"postcode":"100-0001","floors":[1,[2.5,true]]},
              "payment":{"last4":"4242","stored":true}},
            "dispute":"open","payment":[],"shipment":{"\u0069d":"p-1","order_id":{"deep":1}}}"#;
        let heard = Heard::read(json);
        assert_eq!(heard.account.email.as_deref(), Some("a@example.jp"));
        assert_eq!((heard.order_id(), heard.order.address()), (Some("o-9"), Some("100-0001")));
        assert_eq!(heard.order.amount.amount, Some(4200));
        assert!(heard.order.lines.digital);
        assert_eq!(heard.order.payment.last4.as_deref(), Some("4242"));
        assert_eq!(heard.shipment.id.as_deref(), Some("p-1"));
        assert_eq!((heard.account.phone, heard.dispute.status), (None, None));
    }

    #[test]
    fn money_with_its_currency_is_read_too() {
        let heard = Heard::read(br#"{"order":{"amount":{"amount":980,"currency":"USD"}}}"#);
        assert_eq!(heard.order.amount.amount, Some(980));
        assert_eq!(heard.order.amount.currency.as_deref(), Some("USD"));
    }

    #[test]
    fn of_what_is_no_json_nothing_is_read() {
        assert!(Heard::read(b"{\"order\":{\"id\":\"o-1\"}").order.id.is_none());
        assert!(Heard::read(b"").order.id.is_none());
    }
}
