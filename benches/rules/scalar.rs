//! One rule of five leaves over complete rows: doudi's scalar back end, which decides and keeps every leaf, beside the
//! `cel` crate and `zen-expression`, which stop at the first leaf that decides.
//!
//! Rivals get what they need ahead of the clock: `cel` its program and one context a row, `zen-expression` its bytecode
//! and one scope a row. What is timed is the evaluation alone.

use doudi_rules::{Cell, Scalar, Type, Unit, Variable, compile_condition};

use super::watch::{best, each};

const ROWS: usize = 10_000;
const ROUNDS: usize = 30;
const RULE: &str = "income < 12 * line && medical > 2000000 && members >= 2 && insured && !on_roll";
const ZEN_RULE: &str = "income < 12 * line and medical > 2000000 and members >= 2 and insured and not on_roll";

/// One household; money in fen.
struct Household {
    income: i64,
    line: i64,
    medical: i64,
    members: i64,
    insured: bool,
    on_roll: bool,
}

/// Households of which each leaf holds for some two thirds.
fn households() -> Vec<Household> {
    let mut seed = 0x1234_5678_9abc_def0_u64;
    let mut draw = |below: i64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        i64::try_from(seed % u64::try_from(below).unwrap()).unwrap()
    };
    let household = |_| Household {
        income: draw(1_350_000),
        line: 60_000 + draw(20_000),
        medical: draw(6_000_000),
        members: 1 + draw(4),
        insured: draw(3) > 0,
        on_roll: draw(3) == 0,
    };
    (0..ROWS).map(household).collect()
}

/// What the rule may name, in the order of a row.
fn names() -> Vec<Variable> {
    let money = |name| variable(name, Type::Number { unit: Unit::Money, scale: 0 }, Some((0, 1_000_000_000)));
    let count = |name| variable(name, Type::Number { unit: Unit::Int, scale: 0 }, Some((0, 50)));
    let flag = |name| variable(name, Type::Bool, None);
    vec![money("income"), money("line"), money("medical"), count("members"), flag("insured"), flag("on_roll")]
}

fn variable(name: &str, ty: Type, range: Option<(i128, i128)>) -> Variable {
    Variable { name: name.to_owned(), ty, range, categories: None }
}

pub(crate) fn compare() {
    let households = households();
    let (doudi, fired) = doudi(&households);
    let (cel, cel_fired) = cel(&households);
    let (zen, zen_fired) = zen(&households);
    assert_eq!((fired, fired), (cel_fired, zen_fired), "the three disagree");
    println!("one rule of five leaves, {fired} of {ROWS} rows fire:");
    println!("  doudi, every leaf kept  {doudi:6.0} ns");
    println!("  cel                     {cel:6.0} ns, {:.1} times", cel / doudi);
    println!("  zen-expression          {zen:6.0} ns, {:.1} times", zen / doudi);
}

fn doudi(households: &[Household]) -> (f64, usize) {
    // Amounts in conditions are written in yuan.
    let condition = compile_condition(&RULE.replace("2000000", "yuan(20000)"), &names()).unwrap();
    assert_eq!(condition.leaves().len(), 5);
    let number = |value: i64| Some(Scalar::Number(value.into()));
    let flag = |value| Some(Scalar::Bool(value));
    let rows: Vec<[Cell; 6]> = households
        .iter()
        .map(|one| {
            let (income, line, medical) = (number(one.income), number(one.line), number(one.medical));
            [income, line, medical, number(one.members), flag(one.insured), flag(one.on_roll)]
        })
        .collect();
    let run = || rows.iter().filter(|row| condition.evaluate(*row).verdict == doudi_model::Verdict::True).count();
    (each(best(ROUNDS, run), ROWS), run())
}

fn cel(households: &[Household]) -> (f64, usize) {
    let program = cel::Program::compile(RULE).unwrap();
    let contexts: Vec<cel::Context<'_, '_>> = households
        .iter()
        .map(|one| {
            let mut context = cel::Context::default();
            for (name, value) in
                [("income", one.income), ("line", one.line), ("medical", one.medical), ("members", one.members)]
            {
                context.add_variable_from_value(name, value);
            }
            context.add_variable_from_value("insured", one.insured);
            context.add_variable_from_value("on_roll", one.on_roll);
            context
        })
        .collect();
    let fires = |context: &&cel::Context<'_, '_>| program.execute(context).unwrap() == cel::Value::Bool(true);
    let run = || contexts.iter().filter(fires).count();
    (each(best(ROUNDS, run), ROWS), run())
}

fn zen(households: &[Household]) -> (f64, usize) {
    use zen_expression::scope::Scope;
    use zen_expression::variable::Variable;

    let expression = zen_expression::compile_expression(ZEN_RULE).unwrap();
    let scopes: Vec<Scope> = households
        .iter()
        .map(|one| {
            let row = serde_json::json!({
                "income": one.income, "line": one.line, "medical": one.medical, "members": one.members,
                "insured": one.insured, "on_roll": one.on_roll,
            });
            Scope::new(Variable::from(row))
        })
        .collect();
    let mut machine = zen_expression::vm::VM::new();
    let mut run = || {
        let mut fired = 0;
        for scope in &scopes {
            let answer = expression.evaluate_with_scope(scope, &mut machine).unwrap();
            fired += usize::from(answer.as_bool() == Some(true));
        }
        fired
    };
    let fired = run();
    (each(best(ROUNDS, run), ROWS), fired)
}
