//! The lowered evaluation gives what crate `cel`'s own interpreter gives.

use std::collections::{BTreeMap, HashMap};

use cel::{Context, Program};
use proptest::prelude::*;

use crate::event::EventType;
use crate::policy::expression::Evaluation;
use crate::policy::facts::{Facts, Given};
use crate::policy::field::fields;
use crate::policy::lower::lower;
use crate::policy::value::{Type, Value};
use crate::risk::SIGNALS;

/// Draws choices from bytes: a shorter vector shrinks to a simpler expression.
struct Draw<'b>(std::slice::Iter<'b, u8>);

impl Draw<'_> {
    fn of(&mut self, choices: usize) -> usize {
        usize::from(*self.0.next().unwrap_or(&0)) % choices
    }

    fn pick<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        choices[self.of(choices.len())]
    }

    fn fields(&mut self, kind: &Type) -> &'static str {
        let fields: Vec<_> = fields().filter(|field| (field.kind)() == *kind).collect();
        fields[self.of(fields.len())].name
    }

    fn truth(&mut self, depth: u8) -> String {
        if depth == 0 {
            return match self.of(3) {
                0 => self.pick(&["true", "false"]).to_owned(),
                1 => self.fields(&Type::Bool).to_owned(),
                _ => "properties.a".to_owned(),
            };
        }
        let deeper = depth - 1;
        match self.of(15) {
            0 => format!("({} && {})", self.truth(deeper), self.truth(deeper)),
            1 => format!("({} || {})", self.truth(deeper), self.truth(deeper)),
            2 => format!("!({})", self.truth(deeper)),
            3 => {
                let operator = self.pick(&["<", "<=", ">", ">=", "==", "!="]);
                format!("({} {operator} {})", self.number(deeper), self.number(deeper))
            }
            4 => {
                let operator = self.pick(&["<", "<=", ">", ">=", "==", "!="]);
                format!("({} {operator} {})", self.text(deeper), self.text(deeper))
            }
            5 => format!("({} == {})", self.truth(deeper), self.truth(deeper)),
            6 => format!("({} in {})", self.text(deeper), self.texts(deeper)),
            7 => format!("({} in {})", self.number(deeper), self.numbers(deeper)),
            8 => {
                let name = self.pick(&["exists", "all", "exists_one"]);
                format!(
                    "{}.{name}(x, x == {} || {})",
                    self.texts(deeper),
                    self.text(0),
                    self.truth(deeper)
                )
            }
            9 => {
                let name = self.pick(&["exists", "all", "exists_one"]);
                let compared = self.number(deeper);
                format!("{}.{name}(y, 10 / y > {compared})", self.numbers(0))
            }
            10 => {
                let kind = [Type::Int, Type::Text, Type::Bool][self.of(3)].clone();
                let field = self.fields(&kind);
                if field.contains('.') {
                    format!("has({field})")
                } else {
                    "has(properties.b)".to_owned()
                }
            }
            11 => format!(
                "({} ? {} : {})",
                self.truth(deeper),
                self.truth(deeper),
                self.truth(deeper)
            ),
            12 => {
                let name = self.pick(&["contains", "startsWith", "endsWith"]);
                format!("{}.{name}({})", self.text(deeper), self.text(0))
            }
            13 => {
                let pattern = self.pick(&["'^a'", "'[bc]+'", "'関'"]);
                format!("{}.matches({pattern})", self.text(deeper))
            }
            _ => self.maps(deeper),
        }
    }

    fn maps(&mut self, deeper: u8) -> String {
        let property = self.pick(&["a", "b", "c"]);
        let codes: Vec<&str> =
            SIGNALS.iter().copied().flatten().map(|signal| signal.code).collect();
        match self.of(6) {
            0 => format!("'{property}' in properties"),
            1 => format!("properties['{property}'] == {}", self.number(deeper)),
            2 => format!("properties.{property} > {}", self.number(deeper)),
            3 => format!("signals.exists(code, signals[code] > {})", self.number(deeper)),
            4 if !codes.is_empty() => format!("signals['{}'] > 1.0", self.pick(&codes)),
            5 if !codes.is_empty() => format!("'{}' in signals", self.pick(&codes)),
            _ => format!("size(signals) > {}", self.integer(deeper)),
        }
    }

    fn number(&mut self, depth: u8) -> String {
        if self.of(2) == 0 { self.integer(depth) } else { self.double(depth) }
    }

    fn integer(&mut self, depth: u8) -> String {
        if depth == 0 {
            return match self.of(3) {
                0 => self.pick(&["0", "1", "-1", "3", "9223372036854775807", "100000"]).to_owned(),
                1 => "properties.b".to_owned(),
                _ => self.fields(&Type::Int).to_owned(),
            };
        }
        let deeper = depth - 1;
        match self.of(6) {
            0 => format!("size({})", self.text(deeper)),
            1 => format!("size({})", self.texts(deeper)),
            2 => format!("int({})", self.number(deeper)),
            3 => format!("-({})", self.integer(deeper)),
            4 => format!("{}[{}]", self.numbers(deeper), self.number(0)),
            _ => {
                let operator = self.pick(&["+", "-", "*", "/", "%"]);
                format!("({} {operator} {})", self.integer(deeper), self.integer(deeper))
            }
        }
    }

    fn double(&mut self, depth: u8) -> String {
        if depth == 0 {
            return match self.of(3) {
                0 => self.pick(&["0.0", "0.5", "-1.5", "1e300", "3.0"]).to_owned(),
                _ => self.fields(&Type::Double).to_owned(),
            };
        }
        let deeper = depth - 1;
        match self.of(4) {
            0 => format!("double({})", self.number(deeper)),
            1 => format!("-({})", self.double(deeper)),
            _ => {
                let operator = self.pick(&["+", "-", "*", "/"]);
                format!("({} {operator} {})", self.double(deeper), self.double(deeper))
            }
        }
    }

    fn text(&mut self, depth: u8) -> String {
        match (depth, self.of(4)) {
            (0, 0 | 1) => self.pick(&["'a'", "'ab'", "''", "'関所'", "'JP'", "'quiet'"]).to_owned(),
            (0, 2) => "properties.c".to_owned(),
            (0, _) => self.fields(&Type::Text).to_owned(),
            (depth, 0) => format!("({} + {})", self.text(depth - 1), self.text(depth - 1)),
            (depth, 1) => format!("{}[{}]", self.texts(depth - 1), self.integer(depth - 1)),
            (depth, _) => self.text(depth - 1),
        }
    }

    fn texts(&mut self, depth: u8) -> String {
        if depth == 0 {
            return self
                .pick(&["lists", "unknown", "['a', '関所']", "[]", "['JP', context.country]"])
                .to_owned();
        }
        match self.of(4) {
            0 => format!("{}.filter(z, z != {})", self.texts(depth - 1), self.text(depth - 1)),
            1 => format!("{}.map(w, w + {})", self.texts(depth - 1), self.text(depth - 1)),
            2 => format!("{}.map(w, w != 'a', {})", self.texts(depth - 1), self.text(depth - 1)),
            _ => format!("({} + {})", self.texts(depth - 1), self.texts(depth - 1)),
        }
    }

    fn numbers(&mut self, depth: u8) -> String {
        if depth == 0 {
            return self
                .pick(&["[1, 2, 3]", "[0, 5]", "[]", "[order.amount, 2]", "[1.0, 2]"])
                .to_owned();
        }
        format!("{}.map(v, v + {})", self.numbers(depth - 1), self.integer(depth - 1))
    }

    fn facts(&mut self) -> Given {
        let mut held = BTreeMap::new();
        for (place, field) in fields().enumerate() {
            if !field.missing.is_empty() && self.of(3) == 0 {
                continue;
            }
            held.insert(place, self.value(&(field.kind)()));
        }
        let signals = SIGNALS.iter().copied().flatten().map(|signal| signal.number);
        let signals = signals.filter(|_| self.of(4) == 0).collect::<Vec<_>>();
        let signals = signals.into_iter().map(|number| (number, self.of(9) as f64 - 4.0)).collect();
        let mut properties = BTreeMap::new();
        for name in ["a", "b", "c"] {
            let kind = [Type::Bool, Type::Int, Type::Double, Type::Text][self.of(4)].clone();
            let fits = match name {
                "a" => Type::Bool,
                "b" => Type::Int,
                _ => Type::Text,
            };
            let kind = if self.of(3) == 0 { kind } else { fits };
            if self.of(4) != 0 {
                properties.insert(name.to_owned(), self.value(&kind));
            }
        }
        Given { kind: EventType::OrderPlaced, fields: held, signals, properties }
    }

    fn value(&mut self, kind: &Type) -> Value<'static> {
        match kind {
            Type::Bool => Value::Bool(self.of(2) == 0),
            Type::Int => Value::Int([0, 1, -1, 3, i64::MAX, i64::MIN, 4800][self.of(7)]),
            Type::Double => {
                Value::Double([0.0, 0.5, -1.5, f64::NAN, f64::INFINITY, 3.0][self.of(6)])
            }
            Type::Text | Type::Any => {
                Value::text(["", "a", "JP", "関所", "quiet", "credit_card"][self.of(6)])
            }
            Type::List(element) => {
                Value::List((0..self.of(4)).map(|_| self.value(element)).collect())
            }
        }
    }
}

fn reference_value(value: &Value<'_>) -> cel::Value {
    match value {
        Value::Bool(bool) => (*bool).into(),
        Value::Int(int) => (*int).into(),
        Value::Double(double) => (*double).into(),
        Value::Text(text) => text.to_string().into(),
        list => {
            let elements = (0..list.len().unwrap_or(0)).filter_map(|index| list.element(index));
            elements.map(|element| reference_value(&element)).collect::<Vec<_>>().into()
        }
    }
}

/// The same facts as crate `cel` would be given them: groups are maps, missing facts missing keys.
fn reference_context(given: &Given) -> Context<'static, 'static> {
    let mut context = Context::default();
    let mut groups: HashMap<String, HashMap<String, cel::Value>> = HashMap::new();
    for (place, field) in fields().enumerate() {
        let value = given.fields.get(&place).map(reference_value);
        match field.name.split_once('.') {
            Some((group, name)) => {
                let group = groups.entry(group.to_owned()).or_default();
                if let Some(value) = value {
                    group.insert(name.to_owned(), value);
                }
            }
            None => context.add_variable_from_value(field.name, value.unwrap()),
        }
    }
    let code = |number| crate::risk::signal_by_number(number).unwrap().code.to_owned();
    let signals = given.signals.iter().map(|(number, nats)| (code(*number), (*nats).into()));
    groups.insert("signals".to_owned(), signals.collect());
    let properties = given.properties.iter();
    let properties = properties.map(|(name, value)| (name.clone(), reference_value(value)));
    groups.insert("properties".to_owned(), properties.collect());
    for (group, fields) in groups {
        context.add_variable_from_value(group, fields);
    }
    context
}

/// Compares both evaluations of what the bytes spell; tells whether there was anything to compare.
fn compare(bytes: &[u8]) -> bool {
    let mut draw = Draw(bytes.iter());
    let source = draw.truth(3);
    let given = draw.facts();
    let Ok(lowered) = lower(&source) else { return false };
    let facts = Facts::Given(&given);
    let ours = Evaluation::of(&facts).condition(&lowered);
    let theirs = Program::compile(&source).unwrap().execute(&reference_context(&given));
    match (&ours, &theirs) {
        (Ok(ours), Ok(cel::Value::Bool(theirs))) => assert_eq!(ours, theirs, "{source}\n{given:?}"),
        (Err(_), Err(_)) => {}
        (Err(_), Ok(value)) => {
            assert!(
                !matches!(value, cel::Value::Bool(_)),
                "{ours:?} {theirs:?}: {source}\n{given:?}"
            );
        }
        (Ok(_), _) => panic!("{ours:?} {theirs:?}: {source}\n{given:?}"),
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn a_lowered_condition_says_what_the_interpreter_says(
        bytes in proptest::collection::vec(any::<u8>(), 20..200)
    ) {
        compare(&bytes);
    }
}

#[test]
fn most_generated_conditions_are_compared() {
    let mut state = 1_u64;
    let mut compared = 0;
    for _ in 0..1_000 {
        let bytes: Vec<u8> = (0..160)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                u8::try_from(state >> 56).unwrap()
            })
            .collect();
        compared += u32::from(compare(&bytes));
    }
    assert!(compared > 600, "{compared} of 1000");
}
