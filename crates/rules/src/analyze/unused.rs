//! What is declared and leads nowhere: features no rule rests on, fields no register fills.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::Text;

use super::Work;
use super::finding::{Finding, Kind};
use crate::feature::{Feature, How};

impl<'b> Work<'b> {
    pub(super) fn unused(&mut self) {
        self.unused_features();
        self.undelivered_fields();
    }

    fn unused_features(&mut self) {
        let used = self.used();
        let bundle = self.bundle;
        for feature in bundle.features().iter().filter(|feature| !used.contains(feature.name.as_str())) {
            if matches!(feature.how, How::BuiltIn(_)) {
                continue;
            }
            let (name, title) = (&feature.name, &feature.title);
            self.found(Finding {
                kind: Kind::UnusedFeature,
                rules: Vec::new(),
                subject: name.clone(),
                place: self.declared(name),
                message: Text::new(
                    format!("指标“{}”（{name}）没有规则用到", title.zh),
                    format!("no rule uses the feature \"{}\" ({name})", title.en),
                ),
                hint: Text::new("请用上或删去", "use it or remove it"),
                witness: None,
            });
        }
    }

    /// The features that some rule rests on, also through others.
    fn used(&self) -> BTreeSet<&'b str> {
        let bundle = self.bundle;
        let rules = bundle.rules().iter();
        let conditions = rules.flat_map(|rule| std::iter::once(&rule.when).chain(&rule.clear));
        let mut waiting: Vec<&str> =
            conditions.flat_map(|condition| condition.slots()).map(|slot| bundle.layout().name(slot)).collect();
        let mut used = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            if !used.insert(name) {
                continue;
            }
            match bundle.features().get(name).map(|feature| &feature.how) {
                Some(How::Derived(formula) | How::Lifted(_, formula)) => {
                    waiting.extend(formula.reads().iter().map(|slot| bundle.layout().name(*slot)));
                }
                Some(How::Aggregated(_) | How::BuiltIn(_)) | None => {}
            }
        }
        used
    }

    /// `features/medical.toml:12`, where a feature is declared.
    fn declared(&self, name: &str) -> String {
        let table = format!("[{name}]");
        for (path, bytes) in self.bundle.files().iter().filter(|(path, _)| path.starts_with("features/")) {
            let text = String::from_utf8_lossy(bytes);
            if let Some(line) = text.lines().position(|line| line.trim() == table) {
                return format!("{path}:{}", line + 1);
            }
        }
        "features/".to_owned()
    }

    /// Fields that features read and none of the registers of the kind fills. Kinds without a register come as events,
    /// which carry whatever the dictionary declares.
    fn undelivered_fields(&mut self) {
        let filled = self.filled();
        let mut told: BTreeSet<(String, String)> = BTreeSet::new();
        for feature in self.bundle.features().iter() {
            let Some((kind, fields)) = reads(feature) else { continue };
            let Some(filled) = filled.get(&kind) else { continue };
            for field in fields.into_iter().filter(|field| !filled.contains(field)) {
                if told.insert((kind.clone(), field.clone())) {
                    self.undelivered(feature, &kind, &field);
                }
            }
        }
    }

    fn undelivered(&mut self, feature: &Feature, kind: &str, field: &str) {
        let declared = self.bundle.dictionary().get(kind);
        let title = declared.and_then(|kind| kind.field(field)).map(|field| field.title.clone());
        let title = title.unwrap_or_else(|| Text::new(field, field));
        let of = declared.map_or_else(|| Text::new(kind, kind), |kind| kind.title.clone());
        self.found(Finding {
            kind: Kind::UndeliveredField,
            rules: Vec::new(),
            subject: format!("{kind}.{field}"),
            place: self.declared(&feature.name),
            message: Text::new(
                format!("指标 {} 要用“{}”的“{}”（{field}），而没有一张台账填这一项", feature.name, of.zh, title.zh),
                format!(
                    "the feature {} reads \"{}\" ({field}) of \"{}\", which no register of that kind fills",
                    feature.name, title.en, of.en
                ),
            ),
            hint: Text::new(
                format!("请在 registers/ 中补上 {field}，或由接口报送"),
                format!("map {field} in registers/, or have it sent as events"),
            ),
            witness: None,
        });
    }

    /// Per kind of fact with a register: the fields that some register fills.
    fn filled(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut filled: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for fact in self.bundle.registers().iter().flat_map(|register| &register.facts) {
            let fields = fact.fields.keys().map(|field| field.get_ref().clone());
            filled.entry(fact.kind.get_ref().clone()).or_default().extend(fields);
        }
        filled
    }
}

/// The kind of fact that a feature reads, and the fields.
fn reads(feature: &Feature) -> Option<(String, BTreeSet<String>)> {
    let How::Aggregated(aggregated) = &feature.how else { return None };
    let mut fields = BTreeSet::new();
    if let Some(value) = &aggregated.value {
        fields.extend(value.fields());
    }
    if let Some(filter) = &aggregated.filter {
        fields.extend(filter.fields());
    }
    Some((aggregated.kind.as_str().to_owned(), fields))
}
