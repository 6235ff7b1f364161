//! From the text of a condition to an [`Expression`]: parsed by crate `cel`, checked, lowered.
//!
//! What is not covered is refused with its place, never evaluated differently from CEL.

mod call;
mod comprehension;

use cel::common::ast::{Expr, IdedExpr, LiteralValue, SelectExpr, SourceInfo};

use super::expression::Expression;
use super::facts::signal_by_code;
use super::field::{field_at, fields, is_group, place_of};
use super::limits;
use super::place::offset_of;
use super::value::{Type, Value};
use crate::risk::SIGNALS;

/// What is wrong with a condition, at a byte offset of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) offset: usize,
    pub(super) message: String,
}

/// Lowers the condition `source`, or names everything that is wrong with it.
pub(super) fn lower(source: &str) -> Result<Expression, Vec<Flaw>> {
    limits::check(source).map_err(|flaw| vec![flaw])?;
    let program = cel::Program::compile(source).map_err(|errors| {
        errors.errors.iter().map(|error| syntax_flaw(source, error)).collect::<Vec<_>>()
    })?;
    let mut lowering =
        Lowering { places: program.source_info(), flaws: Vec::new(), locals: Vec::new() };
    let root = program.expression();
    let lowered = lowering.expression(root);
    if let Some((_, kind)) = &lowered
        && !matches!(kind, Type::Bool | Type::Any)
    {
        lowering.flaw(root, format!("a condition must be true or false, and this is {kind}"));
    }
    match lowered {
        Some((expression, _)) if lowering.flaws.is_empty() => Ok(expression),
        _ => Err(lowering.flaws),
    }
}

fn syntax_flaw(source: &str, error: &cel::ParseError) -> Flaw {
    let message = error.msg.trim_start_matches("Syntax error: ");
    let message = message.split(" expecting ").next().unwrap_or(message);
    let message = if message.contains("'<EOF>'") {
        "the condition ends too early".to_owned()
    } else {
        format!("syntax: {}", message.replace(char::is_control, "\u{fffd}"))
    };
    let (line, column) = error.pos;
    Flaw { offset: offset_of(source, line, column), message }
}

/// A lowered expression and its type; `None` where something in it is wrong.
type Lowered = Option<(Expression, Type)>;

struct Lowering<'p> {
    places: &'p SourceInfo,
    flaws: Vec<Flaw>,
    /// Variables of the loops around, the outermost first.
    locals: Vec<(String, Type)>,
}

impl Lowering<'_> {
    fn expression(&mut self, at: &IdedExpr) -> Lowered {
        match &at.expr {
            Expr::Literal(literal) => self.literal(at, literal),
            Expr::Ident(name) => self.name(at, name),
            Expr::Select(select) => self.select(at, select),
            Expr::Call(call) => self.call(at, call),
            Expr::List(list) => self.list(&list.elements),
            Expr::Comprehension(comprehension) => self.comprehension(at, comprehension),
            Expr::Map(_) => self.refuse(at, "maps cannot be written in a rule"),
            Expr::Struct(_) => self.refuse(at, "messages cannot be written in a rule"),
            Expr::Unspecified => self.refuse(at, "nothing is written here"),
        }
    }

    fn literal(&mut self, at: &IdedExpr, literal: &LiteralValue) -> Lowered {
        let (value, kind) = match literal {
            LiteralValue::Boolean(bool) => (Value::Bool(*bool.inner()), Type::Bool),
            LiteralValue::Int(int) => (Value::Int(*int.inner()), Type::Int),
            LiteralValue::Double(double) => (Value::Double(*double.inner()), Type::Double),
            LiteralValue::String(text) => (Value::Text(text.inner().to_owned().into()), Type::Text),
            LiteralValue::Null => {
                return self
                    .refuse(at, "there is no null: ask whether a fact is there with has(…)");
            }
            LiteralValue::UInt(_) => {
                return self.refuse(at, "unsigned numbers are not supported; leave out the u");
            }
            LiteralValue::Bytes(_) => return self.refuse(at, "bytes are not supported"),
        };
        Some((Expression::Constant(value), kind))
    }

    fn name(&mut self, at: &IdedExpr, name: &str) -> Lowered {
        if let Some(place) = self.locals.iter().rposition(|(local, _)| local == name) {
            let kind = self.locals.get(place).map_or(Type::Any, |(_, kind)| kind.clone());
            return Some((Expression::Local(place), kind));
        }
        match name {
            "signals" => self.refuse(
                at,
                "`signals` can be indexed, looked into with `in`, counted with size() and looped over",
            ),
            "properties" => self.refuse(at, "name one of the properties: `properties.campaign`"),
            group if is_group(group) => {
                let message = format!("`{group}` is a group of fields; name one of them");
                self.refuse(at, message)
            }
            name => self.field(at, name),
        }
    }

    fn field(&mut self, at: &IdedExpr, name: &str) -> Lowered {
        if let Some(place) = place_of(name) {
            let kind = field_at(place).map_or(Type::Any, |field| (field.kind)());
            return Some((Expression::Field(place), kind));
        }
        let names = fields().map(|field| field.name).chain(["signals", "properties"]);
        let message = format!("no field `{name}`{}", did_you_mean(name, names));
        self.refuse(at, message)
    }

    fn select(&mut self, at: &IdedExpr, select: &SelectExpr) -> Lowered {
        let Some(path) = path_of(&select.operand) else {
            return self.refuse(at, "fields can be read of named groups only");
        };
        let root = path.split('.').next().unwrap_or_default();
        if self.locals.iter().any(|(local, _)| local == root) {
            let message = format!("`{root}` is a value and has no fields");
            return self.refuse(at, message);
        }
        if path == "signals" {
            let field = &select.field;
            let message =
                format!("write signals[\"…\"] or \"…\" in signals, not `signals.{field}`");
            return self.refuse(at, message);
        }
        if path == "properties" {
            let name = Value::Text(select.field.clone().into());
            let name = Box::new(Expression::Constant(name));
            return Some(if select.test {
                (Expression::HasProperty(name), Type::Bool)
            } else {
                (Expression::Property(name), Type::Any)
            });
        }
        let (read, kind) = self.field(at, &format!("{path}.{}", select.field))?;
        Some(match read {
            Expression::Field(place) if select.test => (Expression::HasField(place), Type::Bool),
            read => (read, kind),
        })
    }

    fn list(&mut self, elements: &[IdedExpr]) -> Lowered {
        // All are lowered before the first failure ends it, so that every flaw is told at once.
        let lowered: Vec<Lowered> =
            elements.iter().map(|element| self.expression(element)).collect();
        let lowered: Vec<(Expression, Type)> = lowered.into_iter().collect::<Option<_>>()?;
        let (expressions, kinds): (Vec<_>, Vec<_>) = lowered.into_iter().unzip();
        let kind = kinds.into_iter().reduce(|all, kind| all.join(&kind)).unwrap_or(Type::Any);
        let constants: Option<Vec<Value<'static>>> = expressions.iter().map(constant).collect();
        let list = constants.map_or_else(
            || Expression::List(expressions.into()),
            |values| Expression::Constant(Value::List(values)),
        );
        Some((list, Type::List(Box::new(kind))))
    }

    /// The text of a code of a signal that there is.
    fn signal_code(&mut self, at: &IdedExpr, code: &str) -> Option<u16> {
        if let Some(signal) = signal_by_code(code) {
            return Some(signal.number);
        }
        let codes = SIGNALS.iter().copied().flatten().map(|signal| signal.code);
        let message = format!("no signal `{code}`{}", did_you_mean(code, codes));
        self.flaw(at, message);
        None
    }

    fn refuse(&mut self, at: &IdedExpr, message: impl Into<String>) -> Lowered {
        self.flaw(at, message);
        None
    }

    fn flaw(&mut self, at: &IdedExpr, message: impl Into<String>) {
        let offset = self.places.offset_for(at.id).map_or(0, |(start, _)| start as usize);
        self.flaws.push(Flaw { offset, message: message.into() });
    }
}

fn constant(expression: &Expression) -> Option<Value<'static>> {
    if let Expression::Constant(value) = expression { Some(value.clone()) } else { None }
}

/// The dotted name that `expression` spells.
fn path_of(expression: &IdedExpr) -> Option<String> {
    match &expression.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            path_of(&select.operand).map(|path| format!("{path}.{}", select.field))
        }
        _ => None,
    }
}

/// `; did you mean …?` for the nearest of `names`, or nothing.
pub(super) fn did_you_mean<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> String {
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    names
        .map(|candidate| {
            let whole = strsim::jaro_winkler(name, candidate);
            let part = strsim::normalized_damerau_levenshtein(&last(name), &last(candidate));
            (whole.max(part * 0.95), candidate)
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, candidate)| format!("; did you mean `{candidate}`?"))
}
