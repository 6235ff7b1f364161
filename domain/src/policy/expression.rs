//! A condition lowered from CEL: evaluated without allocation over borrowed values.
//!
//! `&&` and `||` absorb errors as in CEL (`error || true` is `true`); of two reasons why there is
//! no value, the graver is told. Every evaluation has a budget of steps.

use regex::Regex;

use super::facts::Facts;
use super::value::{Arithmetic, Outcome, Stop, Value, borrowed};

/// Steps one rule may take over one event; a step is a node visited, a list element or 64 bytes of
/// text looked at. About 50 µs.
pub const STEPS_MAX: u32 = 10_000;

/// A lowered expression.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    Constant(Value<'static>),
    /// Place in [`super::field::fields`].
    Field(usize),
    HasField(usize),
    /// Evidence of a signal, by its number.
    Signal(u16),
    HasSignal(u16),
    SignalNamed(Box<Self>),
    HasSignalNamed(Box<Self>),
    /// Codes of the signals that fired.
    SignalCodes,
    Property(Box<Self>),
    HasProperty(Box<Self>),
    PropertyNames,
    /// A loop's variable, counted from the outermost.
    Local(usize),
    List(Box<[Self]>),
    Not(Box<Self>),
    Negate(Box<Self>),
    And(Box<[Self; 2]>),
    Or(Box<[Self; 2]>),
    If(Box<[Self; 3]>),
    Equal(Box<[Self; 2]>),
    NotEqual(Box<[Self; 2]>),
    Compare(Comparison, Box<[Self; 2]>),
    Arithmetic(Arithmetic, Box<[Self; 2]>),
    In(Box<[Self; 2]>),
    Element(Box<[Self; 2]>),
    Size(Box<Self>),
    ToInt(Box<Self>),
    ToDouble(Box<Self>),
    Search(Search, Box<[Self; 2]>),
    Matches(Box<Self>, Regex),
    Loop(Box<Loop>),
}

/// `< <= > >=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Looking for a text in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Search {
    Contains,
    StartsWith,
    EndsWith,
}

/// A CEL comprehension macro over a list.
#[derive(Debug, Clone)]
pub(super) struct Loop {
    pub(super) range: Expression,
    pub(super) kind: LoopKind,
    /// What is asked of each element, or what is collected.
    pub(super) body: Expression,
    /// `filter` and the three-part `map`: which elements are collected.
    pub(super) guard: Option<Expression>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoopKind {
    Exists,
    All,
    ExistsOne,
    Collect,
}

/// One evaluation.
pub(super) struct Evaluation<'a, 'f> {
    facts: &'f Facts<'a>,
    locals: Vec<Value<'a>>,
    steps_left: u32,
}

impl<'a, 'f> Evaluation<'a, 'f> {
    pub(super) const fn of(facts: &'f Facts<'a>) -> Self {
        Self { facts, locals: Vec::new(), steps_left: STEPS_MAX }
    }

    /// Whether the condition holds.
    pub(super) fn condition(&mut self, expression: &'a Expression) -> Result<bool, Stop> {
        self.spend(1)?;
        match expression {
            Expression::And(sides) => self.logic(sides, false),
            Expression::Or(sides) => self.logic(sides, true),
            Expression::Not(inner) => self.condition(inner).map(|holds| !holds),
            Expression::Equal(sides) => self.both(sides).map(|(a, b)| a.equals(&b)),
            Expression::NotEqual(sides) => self.both(sides).map(|(a, b)| !a.equals(&b)),
            Expression::Compare(comparison, sides) => {
                let (a, b) = self.both(sides)?;
                let order = a.order(&b)?;
                Ok(match comparison {
                    Comparison::Less => order.is_lt(),
                    Comparison::LessOrEqual => order.is_le(),
                    Comparison::Greater => order.is_gt(),
                    Comparison::GreaterOrEqual => order.is_ge(),
                })
            }
            Expression::HasField(field) => Ok(self.facts.field(*field).is_some()),
            Expression::HasSignal(number) => Ok(self.facts.signal(*number).is_some()),
            Expression::HasSignalNamed(code) => {
                let code = self.value(code)?;
                key(&code)
                    .map(|code| code.is_some_and(|code| self.facts.signal_named(code).is_some()))
            }
            Expression::HasProperty(name) => {
                let name = self.value(name)?;
                key(&name).map(|name| name.is_some_and(|name| self.facts.property(name).is_some()))
            }
            Expression::In(sides) => self.contains(sides),
            Expression::Search(search, sides) => {
                let (Value::Text(text), Value::Text(part)) = self.both(sides)? else {
                    return Err(Stop::Fault);
                };
                Ok(match search {
                    Search::Contains => text.contains(part.as_ref()),
                    Search::StartsWith => text.starts_with(part.as_ref()),
                    Search::EndsWith => text.ends_with(part.as_ref()),
                })
            }
            Expression::Matches(text, pattern) => {
                let text = self.value(text)?;
                self.spend(text.weight().saturating_mul(8))?;
                let Value::Text(text) = text else { return Err(Stop::Fault) };
                Ok(pattern.is_match(&text))
            }
            Expression::Loop(each) if each.kind != LoopKind::Collect => self.quantify(each),
            other => self.value(other)?.as_bool().ok_or(Stop::Fault),
        }
    }

    /// The value of `expression`.
    fn value(&mut self, expression: &'a Expression) -> Outcome<'a> {
        self.spend(1)?;
        match expression {
            Expression::Constant(value) => Ok(borrowed(value)),
            Expression::Field(field) => self.facts.field(*field).ok_or(Stop::Missing),
            Expression::Signal(number) => {
                self.facts.signal(*number).map(Value::Double).ok_or(Stop::Missing)
            }
            Expression::SignalNamed(code) => {
                let code = self.value(code)?;
                let code = key(&code)?.ok_or(Stop::Missing)?;
                self.facts.signal_named(code).map(Value::Double).ok_or(Stop::Missing)
            }
            Expression::Property(name) => {
                let name = self.value(name)?;
                let name = key(&name)?.ok_or(Stop::Missing)?;
                self.facts.property(name).ok_or(Stop::Missing)
            }
            Expression::SignalCodes => Ok(self.facts.signal_codes()),
            Expression::PropertyNames => Ok(self.facts.property_names()),
            Expression::Local(local) => {
                let weight = self.locals.get(*local).ok_or(Stop::Fault)?.weight();
                self.spend(weight)?;
                self.locals.get(*local).cloned().ok_or(Stop::Fault)
            }
            Expression::List(elements) => {
                let values = elements.iter().map(|element| self.value(element));
                let list = Value::List(values.collect::<Result<Vec<_>, _>>()?);
                self.spend(list.weight())?;
                Ok(list)
            }
            Expression::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                let branch = if self.condition(condition)? { then } else { otherwise };
                self.value(branch)
            }
            Expression::Negate(inner) => self.value(inner)?.negate(),
            Expression::Arithmetic(operator, sides) => {
                let (a, b) = self.both(sides)?;
                a.arithmetic(*operator, b)
            }
            Expression::Element(sides) => self.element(sides),
            Expression::Size(inner) => {
                let value = self.value(inner)?;
                self.spend(value.weight())?;
                value.size()
            }
            Expression::ToInt(inner) => self.value(inner)?.to_int(),
            Expression::ToDouble(inner) => self.value(inner)?.to_double(),
            Expression::Loop(each) if each.kind == LoopKind::Collect => self.collect(each),
            condition => self.condition(condition).map(Value::Bool),
        }
    }

    fn spend(&mut self, steps: u32) -> Result<(), Stop> {
        self.steps_left = self.steps_left.checked_sub(steps).ok_or(Stop::Fault)?;
        Ok(())
    }

    fn both(&mut self, sides: &'a [Expression; 2]) -> Result<(Value<'a>, Value<'a>), Stop> {
        let [left, right] = sides;
        let left = self.value(left)?;
        let right = self.value(right)?;
        self.spend(left.weight().saturating_add(right.weight()))?;
        Ok((left, right))
    }

    /// `||` (`absorbing` is true) and `&&` (false): the absorbing value wins over an error beside it.
    fn logic(&mut self, sides: &'a [Expression; 2], absorbing: bool) -> Result<bool, Stop> {
        let [left, right] = sides;
        let left = self.condition(left);
        if left == Ok(absorbing) {
            return left;
        }
        match (left, self.condition(right)) {
            (Ok(_), right) => right,
            (Err(_), Ok(right)) if right == absorbing => Ok(right),
            (Err(left), Ok(_)) => Err(left),
            (Err(left), Err(right)) => Err(left.max(right)),
        }
    }

    fn contains(&mut self, sides: &'a [Expression; 2]) -> Result<bool, Stop> {
        let (value, list) = self.both(sides)?;
        match &list {
            Value::List(list) => Ok(list.iter().any(|element| element.equals(&value))),
            Value::Written(list) => Ok(list.iter().any(|element| element.equals(&value))),
            Value::Names(names) => {
                let Value::Text(text) = &value else { return Ok(false) };
                Ok(names.iter().any(|name| name.as_ref() == text.as_ref()))
            }
            Value::Bool(_) | Value::Int(_) | Value::Double(_) | Value::Text(_) => Err(Stop::Fault),
        }
    }

    /// `list[index]`: a whole number, also as a double; out of bounds is a fault, as in CEL.
    fn element(&mut self, sides: &'a [Expression; 2]) -> Outcome<'a> {
        let (list, index) = self.both(sides)?;
        let index = match index {
            Value::Int(index) => index,
            Value::Double(index) => whole(index).ok_or(Stop::Fault)?,
            Value::Bool(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Written(_)
            | Value::Names(_) => {
                return Err(Stop::Fault);
            }
        };
        let index = usize::try_from(index).map_err(|_| Stop::Fault)?;
        list.element(index).ok_or(Stop::Fault)
    }

    fn quantify(&mut self, each: &'a Loop) -> Result<bool, Stop> {
        let list = self.value(&each.range)?;
        let length = list.len().ok_or(Stop::Fault)?;
        let mut pending: Option<Stop> = None;
        let mut found = 0_u32;
        for element in (0..length).filter_map(|index| list.element(index)) {
            match (each.kind, self.with(element, |this| this.condition(&each.body))) {
                (LoopKind::Exists, Ok(true)) => return Ok(true),
                (LoopKind::All, Ok(false)) => return Ok(false),
                (LoopKind::ExistsOne, Ok(holds)) => found += u32::from(holds),
                (LoopKind::ExistsOne, Err(stop)) => return Err(stop),
                (_, Ok(_)) => {}
                (_, Err(stop)) => pending = pending.max(Some(stop)),
            }
        }
        match (pending, each.kind) {
            (Some(stop), _) => Err(stop),
            (None, LoopKind::ExistsOne) => Ok(found == 1),
            (None, kind) => Ok(kind == LoopKind::All),
        }
    }

    fn collect(&mut self, each: &'a Loop) -> Outcome<'a> {
        let list = self.value(&each.range)?;
        let length = list.len().ok_or(Stop::Fault)?;
        let mut collected = Vec::new();
        for element in (0..length).filter_map(|index| list.element(index)) {
            let item = self.with(element, |this| {
                if let Some(guard) = &each.guard
                    && !this.condition(guard)?
                {
                    return Ok(None);
                }
                this.value(&each.body).map(Some)
            })?;
            if let Some(item) = item {
                self.spend(item.weight())?;
                collected.push(item);
            }
        }
        Ok(Value::List(collected))
    }

    fn with<T>(&mut self, element: Value<'a>, body: impl FnOnce(&mut Self) -> T) -> T {
        self.locals.push(element);
        let result = body(self);
        self.locals.pop();
        result
    }
}

/// A map key: a text, or a number or truth value that no key of ours equals; a list cannot be one.
fn key<'k>(value: &'k Value<'_>) -> Result<Option<&'k str>, Stop> {
    match value {
        Value::Text(text) => Ok(Some(text)),
        Value::Bool(_) | Value::Int(_) | Value::Double(_) => Ok(None),
        Value::List(_) | Value::Written(_) | Value::Names(_) => Err(Stop::Fault),
    }
}

/// The whole number `double` is, if it is one that fits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "checked, and meant exactly"
)]
fn whole(double: f64) -> Option<i64> {
    let fits = double > i64::MIN as f64 && double < i64::MAX as f64;
    (fits && (double as i64) as f64 == double).then_some(double as i64)
}

/// A condition that never holds: stands in for one that did not compile.
pub(super) const fn never() -> Expression {
    Expression::Constant(Value::Bool(false))
}
