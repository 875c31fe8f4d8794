//! Two rules beside each other: is one true only where the other is?

use std::collections::BTreeSet;

use doudi_model::Text;

use super::finding::{Finding, Kind};
use super::question::beneath;
use super::witness::{Witness, witness};
use super::{Told, Work, named, together};
use crate::bundle::{Bundle, Rule};
use crate::exact::{Wanted, Why};

/// Whether a rule is true only where another is.
enum Contained {
    Always,
    /// A household of which only the first is true.
    Not(Option<Witness>),
    Open(Why),
}

impl Work<'_> {
    pub(super) fn pairs(&mut self) {
        let rules = self.bundle.rules();
        for (at, one) in rules.iter().enumerate() {
            for other in rules.iter().skip(at + 1) {
                if one.scope == other.scope && shares(self.bundle, one, other) && together(one, other).is_some() {
                    self.pair(one, other);
                }
            }
        }
    }

    fn pair(&mut self, one: &Rule, other: &Rule) {
        match (self.contained(one, other), self.contained(other, one)) {
            (Contained::Always, Contained::Always) => self.duplicate(one, other),
            (Contained::Always, Contained::Not(witness)) => self.subsumed(one, other, witness),
            (Contained::Not(witness), Contained::Always) => self.subsumed(other, one, witness),
            (Contained::Not(_), Contained::Not(_)) => {}
            (Contained::Open(why), _) | (_, Contained::Open(why)) => self.open(Kind::Subsumed, &[one, other], why),
        }
    }

    /// Looks first for a household with complete data, then for one where the other rule is unknown.
    fn contained(&mut self, inner: &Rule, outer: &Rule) -> Contained {
        let Some((from, to)) = together(inner, outer) else { return Contained::Not(None) };
        for verdict in [Wanted::FALSE, Wanted::UNKNOWN] {
            match self.ask(&[(&inner.when, Wanted::TRUE), (&outer.when, verdict)], from, to) {
                Told::Shown(setting, row) => {
                    let conditions = [&inner.when, &outer.when];
                    return Contained::Not(Some(witness(self.bundle, &setting, &row, &conditions)));
                }
                Told::Never => {}
                Told::Open(why) => return Contained::Open(why),
            }
        }
        // A rule that is never true is told of by itself.
        match self.ask(&[(&inner.when, Wanted::TRUE)], from, to) {
            Told::Shown(..) => Contained::Always,
            Told::Never => Contained::Not(None),
            Told::Open(why) => Contained::Open(why),
        }
    }

    fn duplicate(&mut self, one: &Rule, other: &Rule) {
        let (first, second) = (named(one), named(other));
        self.found(Finding {
            kind: Kind::Duplicate,
            rules: vec![one.id.clone(), other.id.clone()],
            subject: String::new(),
            place: one.path.clone(),
            message: Text::new(
                format!("{}和{}对同样的家庭成立", first.zh, second.zh),
                format!("{} and {} are true of the same households", first.en, second.en),
            ),
            hint: Text::new("请只留一条，或让两条有区别", "keep one of them, or make them differ"),
            witness: None,
        });
    }

    fn subsumed(&mut self, inner: &Rule, outer: &Rule, witness: Option<Witness>) {
        // A graver step that mutes the lighter one is how a ladder is meant to be.
        if mutes(self.bundle, inner, outer) {
            return;
        }
        let (own, other) = (named(inner), named(outer));
        let muted = mutes(self.bundle, outer, inner);
        let (kind, hint) = if muted {
            (
                Kind::AlwaysMuted,
                Text::new(
                    "supersedes 的方向可能写反了；否则这条规则可以删去",
                    "`supersedes` may point the wrong way; otherwise this rule can go",
                ),
            )
        } else {
            (
                Kind::Subsumed,
                Text::new(
                    format!("如果 {} 更重，请在其中写 supersedes = [\"{}\"]；否则可以删去", inner.id, outer.id),
                    format!(
                        "if {} is the graver one, let it say supersedes = [\"{}\"]; otherwise it can go",
                        inner.id, outer.id
                    ),
                ),
            )
        };
        let (then_zh, then_en) = if muted {
            ("而后者压住前者，前者永远看不到", ", which mutes it: it is never seen")
        } else {
            ("两条会同时计分", ": both count")
        };
        self.found(Finding {
            kind,
            rules: vec![inner.id.clone(), outer.id.clone()],
            subject: String::new(),
            place: inner.path.clone(),
            message: Text::new(
                format!("每当{}成立，{}也成立，{then_zh}；反过来不一定（下例只有后者成立）", own.zh, other.zh),
                format!(
                    "whenever {} is true so is {}{then_en}; not the other way round (below, only the latter is true)",
                    own.en, other.en
                ),
            ),
            hint,
            witness,
        });
    }
}

/// Whether a rule mutes another, itself or through others.
pub(super) fn mutes(bundle: &Bundle, graver: &Rule, lighter: &Rule) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&str> = graver.supersedes.iter().map(String::as_str).collect();
    while let Some(id) = waiting.pop() {
        if id == lighter.id {
            return true;
        }
        if let (true, Some(rule)) = (seen.insert(id), bundle.rule(id)) {
            waiting.extend(rule.supersedes.iter().map(String::as_str));
        }
    }
    false
}

/// Whether two rules look at a common feature, also through what features are computed from. Rules that do not can
/// always be told apart.
fn shares(bundle: &Bundle, one: &Rule, other: &Rule) -> bool {
    let features = |rule: &Rule| {
        let all = beneath(bundle, rule.when.slots());
        all.into_iter().filter(|slot| !bundle.layout().name(*slot).starts_with("standard.")).collect::<BTreeSet<_>>()
    };
    features(one).intersection(&features(other)).next().is_some()
}
