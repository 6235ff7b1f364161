//! Values of the rule language, borrowed from the event wherever they can be.
//!
//! Semantics are those of CEL as crate `cel` runs it; the differential tests hold the two equal.

use std::borrow::Cow;
use std::cmp::Ordering;

/// A value while a rule is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    /// A list written in the rule.
    Written(&'a [Value<'static>]),
    /// A list of texts the event holds already, so that reading it copies nothing.
    Names(&'a [Box<str>]),
}

/// Why an expression has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stop {
    /// A fact it reads is missing: the rule does not match, and nothing is wrong with it.
    Missing,
    /// It cannot be evaluated (types, overflow, division by zero, cost limit): the rule failed.
    Fault,
}

pub(super) type Outcome<'a> = Result<Value<'a>, Stop>;

impl<'a> Value<'a> {
    /// A text borrowed for as long as the event.
    pub(super) const fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    pub(super) const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(bool) => Some(*bool),
            Self::Int(_)
            | Self::Double(_)
            | Self::Text(_)
            | Self::List(_)
            | Self::Written(_)
            | Self::Names(_) => None,
        }
    }

    /// Number of elements, if it is a list.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Self::List(list) => Some(list.len()),
            Self::Written(list) => Some(list.len()),
            Self::Names(names) => Some(names.len()),
            Self::Bool(_) | Self::Int(_) | Self::Double(_) | Self::Text(_) => None,
        }
    }

    /// The element at `index`, if it is a list that has one.
    pub(super) fn element(&self, index: usize) -> Option<Self> {
        match self {
            Self::List(list) => list.get(index).cloned(),
            Self::Written(list) => list.get(index).map(borrowed),
            Self::Names(names) => names.get(index).map(|name| Self::text(name)),
            Self::Bool(_) | Self::Int(_) | Self::Double(_) | Self::Text(_) => None,
        }
    }

    /// CEL `==`: numbers compare by value across types, unlike types are unequal, NaN equals nothing.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (
                Self::List(_) | Self::Written(_) | Self::Names(_),
                Self::List(_) | Self::Written(_) | Self::Names(_),
            ) => {
                self.len() == other.len()
                    && (0..self.len().unwrap_or(0)).all(|index| {
                        match (self.element(index), other.element(index)) {
                            (Some(a), Some(b)) => a.equals(&b),
                            _ => false,
                        }
                    })
            }
            _ => self.number_order(other) == Some(Ordering::Equal),
        }
    }

    /// CEL ordering: numbers across types, texts by code point, `false` before `true`.
    pub(super) fn order(&self, other: &Self) -> Result<Ordering, Stop> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Ok(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => Ok(a.cmp(b)),
            _ => self.number_order(other).ok_or(Stop::Fault),
        }
    }

    fn number_order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Int(a), Self::Double(b)) => (*a as f64).partial_cmp(b),
            (Self::Double(a), Self::Int(b)) => a.partial_cmp(&(*b as f64)),
            (Self::Double(a), Self::Double(b)) => a.partial_cmp(b),
            _ => None,
        }
    }

    /// CEL arithmetic. Both sides are of one type; integers are checked, doubles follow IEEE 754.
    pub(super) fn arithmetic(self, operator: Arithmetic, other: Self) -> Outcome<'a> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => operator.int(a, b).map(Self::Int).ok_or(Stop::Fault),
            (Self::Double(a), Self::Double(b)) => {
                operator.double(a, b).map(Self::Double).ok_or(Stop::Fault)
            }
            (Self::Text(a), Self::Text(b)) if operator == Arithmetic::Add => Ok(Self::Text(a + b)),
            (a, b) if operator == Arithmetic::Add => a.concat(&b).ok_or(Stop::Fault),
            _ => Err(Stop::Fault),
        }
    }

    fn concat(&self, other: &Self) -> Option<Self> {
        let length = self.len()?;
        let more = other.len()?;
        let elements = (0..length).filter_map(|index| self.element(index));
        let others = (0..more).filter_map(|index| other.element(index));
        Some(Self::List(elements.chain(others).collect()))
    }

    pub(super) fn negate(&self) -> Outcome<'a> {
        match self {
            Self::Int(int) => int.checked_neg().map(Self::Int).ok_or(Stop::Fault),
            Self::Double(double) => Ok(Self::Double(-double)),
            Self::Bool(_) | Self::Text(_) | Self::List(_) | Self::Written(_) | Self::Names(_) => {
                Err(Stop::Fault)
            }
        }
    }

    /// CEL `size()`: code points of a text, elements of a list.
    pub(super) fn size(&self) -> Outcome<'a> {
        let size = match self {
            Self::Text(text) => text.chars().count(),
            Self::Bool(_)
            | Self::Int(_)
            | Self::Double(_)
            | Self::List(_)
            | Self::Written(_)
            | Self::Names(_) => self.len().ok_or(Stop::Fault)?,
        };
        i64::try_from(size).map(Self::Int).map_err(|_| Stop::Fault)
    }

    /// CEL `int()`, of numbers only.
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    pub(super) fn to_int(&self) -> Outcome<'a> {
        match self {
            Self::Int(int) => Ok(Self::Int(*int)),
            Self::Double(double) if *double > i64::MIN as f64 && *double < i64::MAX as f64 => {
                Ok(Self::Int(*double as i64))
            }
            _ => Err(Stop::Fault),
        }
    }

    /// CEL `double()`, of numbers only.
    pub(super) fn to_double(&self) -> Outcome<'a> {
        match self {
            Self::Int(int) => Ok(Self::Double(*int as f64)),
            Self::Double(double) => Ok(Self::Double(*double)),
            Self::Bool(_) | Self::Text(_) | Self::List(_) | Self::Written(_) | Self::Names(_) => {
                Err(Stop::Fault)
            }
        }
    }

    /// What comparing or copying it costs, in steps: its elements, also those of lists in it.
    pub(super) fn weight(&self) -> u32 {
        let length = match self {
            Self::Text(text) => text.len() / 64,
            Self::Names(names) => names.len(),
            Self::List(list) => return weight_of(list),
            Self::Written(list) => return weight_of(list),
            Self::Bool(_) | Self::Int(_) | Self::Double(_) => 0,
        };
        u32::try_from(length).unwrap_or(u32::MAX)
    }
}

/// `value` without copying what it holds.
pub(super) fn borrowed<'a>(value: &'a Value<'static>) -> Value<'a> {
    match value {
        Value::Text(text) => Value::text(text),
        Value::Bool(bool) => Value::Bool(*bool),
        Value::Int(int) => Value::Int(*int),
        Value::Double(double) => Value::Double(*double),
        Value::List(list) => Value::Written(list),
        Value::Written(list) => Value::Written(list),
        Value::Names(names) => Value::Names(names),
    }
}

fn weight_of(list: &[Value<'_>]) -> u32 {
    list.iter().fold(0, |sum, element| sum.saturating_add(1).saturating_add(element.weight()))
}

/// `+ - * / %`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

impl Arithmetic {
    const fn int(self, a: i64, b: i64) -> Option<i64> {
        match self {
            Self::Add => a.checked_add(b),
            Self::Subtract => a.checked_sub(b),
            Self::Multiply => a.checked_mul(b),
            Self::Divide => a.checked_div(b),
            Self::Modulo => a.checked_rem(b),
        }
    }

    fn double(self, a: f64, b: f64) -> Option<f64> {
        match self {
            Self::Add => Some(a + b),
            Self::Subtract => Some(a - b),
            Self::Multiply => Some(a * b),
            Self::Divide => Some(a / b),
            Self::Modulo => None,
        }
    }
}

/// Static type of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// 64-bit whole number.
    Int,
    /// 64-bit floating point number.
    Double,
    /// Text.
    Text,
    /// A list; `List(Any)` where its elements differ.
    List(Box<Type>),
    /// Known only when the rule runs: a label of the store's own.
    Any,
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Double => f.write_str("double"),
            Self::Text => f.write_str("string"),
            Self::List(element) => write!(f, "list({element})"),
            Self::Any => f.write_str("any"),
        }
    }
}

impl Type {
    pub(super) const fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Double | Self::Any)
    }

    /// Whether values of the two types can ever be equal.
    pub(super) fn comparable(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::List(a), Self::List(b)) => a.comparable(b),
            _ => self == other || (self.is_number() && other.is_number()),
        }
    }

    /// The type that covers both.
    pub(super) fn join(self, other: &Self) -> Self {
        if self == *other { self } else { Self::Any }
    }
}
