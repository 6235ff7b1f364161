//! Operators and functions.

use cel::common::ast::{CallExpr, Expr, IdedExpr, operators};
use regex::RegexBuilder;

use super::{Lowered, Lowering, did_you_mean};
use crate::policy::expression::{Comparison, Expression, Search};
use crate::policy::value::{Arithmetic, Type, Value};

/// Bytes a compiled pattern may take.
const PATTERN_BYTES_MAX: usize = 1 << 18;

const METHODS: [&str; 10] = [
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "size",
    "exists",
    "all",
    "exists_one",
    "filter",
    "map",
];
const FUNCTIONS: [&str; 4] = ["size", "int", "double", "has"];

impl Lowering<'_> {
    pub(super) fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Lowered {
        match (call.target.as_deref(), call.args.as_slice()) {
            (None, [condition, then, otherwise]) if call.func_name == operators::CONDITIONAL => {
                self.choice(condition, then, otherwise)
            }
            (None, [left, right]) => self.binary(at, &call.func_name, left, right),
            (None, [only]) => self.unary(at, &call.func_name, only),
            (Some(target), []) if call.func_name == "size" => self.size(at, target),
            (Some(target), [only]) => self.method(at, &call.func_name, target, only),
            _ => self.unknown_function(at, call),
        }
    }

    fn choice(&mut self, condition: &IdedExpr, then: &IdedExpr, otherwise: &IdedExpr) -> Lowered {
        let question = self.truth(condition);
        let then = self.expression(then);
        let otherwise = self.expression(otherwise);
        let ((then, kind), (otherwise, other)) = (then?, otherwise?);
        let parts = Box::new([question?, then, otherwise]);
        Some((Expression::If(parts), kind.join(&other)))
    }

    fn binary(&mut self, at: &IdedExpr, name: &str, left: &IdedExpr, right: &IdedExpr) -> Lowered {
        match name {
            operators::LOGICAL_AND | operators::LOGICAL_OR => {
                let sides = (self.truth(left), self.truth(right));
                let sides = Box::new([sides.0?, sides.1?]);
                let and = name == operators::LOGICAL_AND;
                let logic = if and { Expression::And(sides) } else { Expression::Or(sides) };
                Some((logic, Type::Bool))
            }
            operators::EQUALS | operators::NOT_EQUALS => {
                let (sides, a, b) = self.sides(left, right)?;
                if !a.comparable(&b) {
                    return self.refuse(at, format!("{a} and {b} are never equal"));
                }
                let equal = name == operators::EQUALS;
                let node =
                    if equal { Expression::Equal(sides) } else { Expression::NotEqual(sides) };
                Some((node, Type::Bool))
            }
            operators::IN => self.membership(at, left, right),
            operators::INDEX => self.index(at, left, right),
            name => {
                if let Some(comparison) = comparison(name) {
                    return self.comparison(at, comparison, left, right);
                }
                match arithmetic(name) {
                    Some(operator) => self.arithmetic(at, operator, left, right),
                    None => self.unknown_name(at, name, &FUNCTIONS),
                }
            }
        }
    }

    fn comparison(
        &mut self,
        at: &IdedExpr,
        comparison: Comparison,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Lowered {
        let (sides, a, b) = self.sides(left, right)?;
        let ordered = |kind: &Type| !matches!(kind, Type::List(_));
        if !(a.comparable(&b) && ordered(&a) && ordered(&b)) {
            return self.refuse(at, format!("{a} and {b} have no order"));
        }
        Some((Expression::Compare(comparison, sides), Type::Bool))
    }

    fn arithmetic(
        &mut self,
        at: &IdedExpr,
        operator: Arithmetic,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Lowered {
        let (sides, a, b) = self.sides(left, right)?;
        let kind = match (&a, &b) {
            (Type::Any, _) | (_, Type::Any) => Type::Any,
            (Type::Int, Type::Int) => Type::Int,
            (Type::Double, Type::Double) if operator != Arithmetic::Modulo => Type::Double,
            (Type::Text, Type::Text) if operator == Arithmetic::Add => Type::Text,
            (Type::List(a), Type::List(b)) if operator == Arithmetic::Add => {
                Type::List(Box::new(a.as_ref().clone().join(b)))
            }
            (Type::Int, Type::Double) | (Type::Double, Type::Int) => {
                let message = "int and double do not mix: write double(…) around the int";
                return self.refuse(at, message);
            }
            _ => return self.refuse(at, format!("{a} and {b} cannot be reckoned with")),
        };
        Some((Expression::Arithmetic(operator, sides), kind))
    }

    fn membership(&mut self, at: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Lowered {
        if let Some(map) = self.map_name(right) {
            let key = self.key(left)?;
            return if map == "signals" {
                self.signal(left, key, Expression::HasSignal, Expression::HasSignalNamed)
                    .map(|has| (has, Type::Bool))
            } else {
                Some((Expression::HasProperty(Box::new(key)), Type::Bool))
            };
        }
        let (sides, value, list) = self.sides(left, right)?;
        match &list {
            Type::Any => {}
            Type::List(element) if element.comparable(&value) => {}
            Type::List(element) => {
                return self.refuse(at, format!("{value} is never in a list of {element}"));
            }
            _ => return self.refuse(at, format!("`in` looks into a list, and this is {list}")),
        }
        Some((Expression::In(sides), Type::Bool))
    }

    fn index(&mut self, at: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Lowered {
        if let Some(map) = self.map_name(left) {
            let key = self.key(right)?;
            return if map == "signals" {
                self.signal(right, key, Expression::Signal, Expression::SignalNamed)
                    .map(|evidence| (evidence, Type::Double))
            } else {
                Some((Expression::Property(Box::new(key)), Type::Any))
            };
        }
        let (sides, list, index) = self.sides(left, right)?;
        let element = match list {
            Type::List(element) => *element,
            Type::Any => Type::Any,
            _ => return self.refuse(at, format!("{list} has no elements")),
        };
        if !index.is_number() {
            return self.refuse(at, format!("an element has a number, and this is {index}"));
        }
        Some((Expression::Element(sides), element))
    }

    fn unary(&mut self, at: &IdedExpr, name: &str, only: &IdedExpr) -> Lowered {
        match name {
            operators::LOGICAL_NOT => {
                self.truth(only).map(|inner| (Expression::Not(Box::new(inner)), Type::Bool))
            }
            "size" => self.size(at, only),
            operators::NEGATE | "int" | "double" => {
                let (inner, kind) = self.expression(only)?;
                if !kind.is_number() {
                    let what = if name == operators::NEGATE { "-" } else { name };
                    return self.refuse(at, format!("{what} takes a number, and this is {kind}"));
                }
                let inner = Box::new(inner);
                Some(match name {
                    "int" => (Expression::ToInt(inner), Type::Int),
                    "double" => (Expression::ToDouble(inner), Type::Double),
                    _ => (Expression::Negate(inner), kind),
                })
            }
            name => self.unknown_name(at, name, &FUNCTIONS),
        }
    }

    fn size(&mut self, at: &IdedExpr, of: &IdedExpr) -> Lowered {
        let (inner, kind) = match self.map_name(of) {
            Some("signals") => (Expression::SignalCodes, Type::Any),
            Some(_) => (Expression::PropertyNames, Type::Any),
            None => self.expression(of)?,
        };
        if matches!(kind, Type::Bool | Type::Int | Type::Double) {
            return self.refuse(at, format!("{kind} has no size"));
        }
        Some((Expression::Size(Box::new(inner)), Type::Int))
    }

    fn method(&mut self, at: &IdedExpr, name: &str, target: &IdedExpr, only: &IdedExpr) -> Lowered {
        let search = match name {
            "contains" => Some(Search::Contains),
            "startsWith" => Some(Search::StartsWith),
            "endsWith" => Some(Search::EndsWith),
            "matches" => None,
            name => return self.unknown_name(at, name, &METHODS),
        };
        let (sides, text, part) = self.sides(target, only)?;
        if !matches!(text, Type::Text | Type::Any) || !matches!(part, Type::Text | Type::Any) {
            return self.refuse(at, format!("{name} looks for a string in a string"));
        }
        let Some(search) = search else { return self.pattern(only, *sides) };
        Some((Expression::Search(search, sides), Type::Bool))
    }

    fn pattern(&mut self, at: &IdedExpr, sides: [Expression; 2]) -> Lowered {
        let [text, Expression::Constant(Value::Text(pattern))] = sides else {
            return self.refuse(at, "a pattern must be written out, so that it is compiled once");
        };
        match RegexBuilder::new(&pattern).size_limit(PATTERN_BYTES_MAX).build() {
            Ok(pattern) => Some((Expression::Matches(Box::new(text), pattern), Type::Bool)),
            Err(_) => self.refuse(at, "not a regular expression, or too large a one"),
        }
    }

    fn sides(
        &mut self,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Option<(Box<[Expression; 2]>, Type, Type)> {
        let left = self.expression(left);
        let right = self.expression(right);
        let ((left, a), (right, b)) = (left?, right?);
        Some((Box::new([left, right]), a, b))
    }

    pub(super) fn truth(&mut self, at: &IdedExpr) -> Option<Expression> {
        let (expression, kind) = self.expression(at)?;
        if !matches!(kind, Type::Bool | Type::Any) {
            self.flaw(at, format!("this must be true or false, and it is {kind}"));
            return None;
        }
        Some(expression)
    }

    /// `signals` or `properties`, unless a loop's variable is called so.
    pub(super) fn map_name(&self, at: &IdedExpr) -> Option<&'static str> {
        let Expr::Ident(name) = &at.expr else { return None };
        let local = self.locals.iter().any(|(local, _)| local == name);
        ["signals", "properties"].into_iter().find(|map| map == name && !local)
    }

    fn key(&mut self, at: &IdedExpr) -> Option<Expression> {
        let (key, kind) = self.expression(at)?;
        if !matches!(kind, Type::Text | Type::Any) {
            self.flaw(at, format!("a name is a string, and this is {kind}"));
            return None;
        }
        Some(key)
    }

    fn signal(
        &mut self,
        at: &IdedExpr,
        code: Expression,
        known: fn(u16) -> Expression,
        named: fn(Box<Expression>) -> Expression,
    ) -> Option<Expression> {
        if let Expression::Constant(Value::Text(code)) = &code {
            return self.signal_code(at, code).map(known);
        }
        Some(named(Box::new(code)))
    }

    fn unknown_function(&mut self, at: &IdedExpr, call: &CallExpr) -> Lowered {
        let known: &[&'static str] = if call.target.is_some() { &METHODS } else { &FUNCTIONS };
        self.unknown_name(at, &call.func_name, known)
    }

    fn unknown_name(&mut self, at: &IdedExpr, name: &str, known: &[&'static str]) -> Lowered {
        let hint = did_you_mean(name, known.iter().copied());
        self.refuse(at, format!("no function `{name}` with these arguments{hint}"))
    }
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::LessOrEqual,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn arithmetic(name: &str) -> Option<Arithmetic> {
    Some(match name {
        operators::ADD => Arithmetic::Add,
        operators::SUBSTRACT => Arithmetic::Subtract,
        operators::MULTIPLY => Arithmetic::Multiply,
        operators::DIVIDE => Arithmetic::Divide,
        operators::MODULO => Arithmetic::Modulo,
        _ => return None,
    })
}
