//! The macros `exists`, `all`, `exists_one`, `filter` and `map`, recognised by what the parser
//! makes of them.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, operators};

use super::{Lowered, Lowering};
use crate::policy::expression::{Expression, Loop, LoopKind};
use crate::policy::field::{is_group, place_of};
use crate::policy::value::Type;

/// The parts of a macro.
struct Parts<'p> {
    kind: LoopKind,
    body: &'p IdedExpr,
    guard: Option<&'p IdedExpr>,
}

impl Lowering<'_> {
    pub(super) fn comprehension(&mut self, at: &IdedExpr, each: &ComprehensionExpr) -> Lowered {
        let Some(parts) = parts_of(each) else {
            return self.refuse(at, "only exists, all, exists_one, filter and map loop");
        };
        let variable = &each.iter_var;
        let taken = place_of(variable).is_some()
            || is_group(variable)
            || matches!(variable.as_str(), "signals" | "properties");
        if taken {
            return self
                .refuse(at, format!("`{variable}` is a field; name the variable otherwise"));
        }
        let (range, element) = self.range(&each.iter_range)?;
        self.locals.push((variable.clone(), element));
        let guard = parts.guard.map(|guard| self.truth(guard));
        let body = match parts.kind {
            LoopKind::Collect => self.expression(parts.body),
            LoopKind::Exists | LoopKind::All | LoopKind::ExistsOne => {
                self.truth(parts.body).map(|body| (body, Type::Bool))
            }
        };
        self.locals.pop();
        let (body, kind) = body?;
        let guard = match guard {
            Some(guard) => Some(guard?),
            None => None,
        };
        let kind = match parts.kind {
            LoopKind::Collect => Type::List(Box::new(kind)),
            LoopKind::Exists | LoopKind::All | LoopKind::ExistsOne => Type::Bool,
        };
        Some((Expression::Loop(Box::new(Loop { range, kind: parts.kind, body, guard })), kind))
    }

    fn range(&mut self, at: &IdedExpr) -> Option<(Expression, Type)> {
        match self.map_name(at) {
            Some("signals") => return Some((Expression::SignalCodes, Type::Text)),
            Some(_) => return Some((Expression::PropertyNames, Type::Text)),
            None => {}
        }
        let (range, kind) = self.expression(at)?;
        match kind {
            Type::List(element) => Some((range, *element)),
            Type::Any => Some((range, Type::Any)),
            kind => {
                self.flaw(at, format!("only lists can be looped over, and this is {kind}"));
                None
            }
        }
    }
}

fn parts_of(each: &ComprehensionExpr) -> Option<Parts<'_>> {
    let accumulator =
        |at: &IdedExpr| matches!(&at.expr, Expr::Ident(name) if *name == each.accu_var);
    let step = call_of(&each.loop_step)?;
    match (step.func_name.as_str(), step.args.as_slice()) {
        (operators::LOGICAL_OR, [left, body]) if accumulator(left) => {
            Some(Parts { kind: LoopKind::Exists, body, guard: None })
        }
        (operators::LOGICAL_AND, [left, body]) if accumulator(left) => {
            Some(Parts { kind: LoopKind::All, body, guard: None })
        }
        (operators::ADD, _) => {
            Some(Parts { kind: LoopKind::Collect, body: appended(&each.loop_step)?, guard: None })
        }
        (operators::CONDITIONAL, [guard, then, _]) => {
            if let Some(body) = appended(then) {
                return Some(Parts { kind: LoopKind::Collect, body, guard: Some(guard) });
            }
            let counts = call_of(&each.result)?.func_name == operators::EQUALS;
            counts.then_some(Parts { kind: LoopKind::ExistsOne, body: guard, guard: None })
        }
        _ => None,
    }
}

/// The `body` of `accumulator + [body]`.
fn appended(at: &IdedExpr) -> Option<&IdedExpr> {
    let call = call_of(at).filter(|call| call.func_name == operators::ADD)?;
    match call.args.as_slice() {
        [_, list] => match &list.expr {
            Expr::List(list) => list.elements.first(),
            _ => None,
        },
        _ => None,
    }
}

fn call_of(at: &IdedExpr) -> Option<&CallExpr> {
    if let Expr::Call(call) = &at.expr { Some(call) } else { None }
}
