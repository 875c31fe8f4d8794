//! Opening the data directory under a bundle.

use std::sync::Arc;

use doudi_model::warning::Direction;
use doudi_model::{Day, Digest};
use doudi_routing::Case;
use doudi_routing::plan::Plan;
use doudi_rules::bundle::Bundle;
use doudi_store::stages::{Rulebook, Shelf, Stages};
use doudi_store::{House, Options, bundles, clock};

use crate::context::{Context, Failure};

/// A data directory at work, and the bundle that decides in it.
pub(crate) struct Opened {
    pub(crate) house: House,
    pub(crate) book: Arc<Rulebook>,
}

/// The routing plan of a bundle, proven total.
///
/// Deadlines beyond the published calendar are marked provisional and counted again once it is known.
pub(crate) fn plan(bundle: &Bundle) -> Result<Plan, Failure> {
    plan_as_of(bundle, None)
}

/// The same, where the longest deadline from a day must lie within the published calendar.
pub(crate) fn plan_as_of(bundle: &Bundle, day: Option<Day>) -> Result<Plan, Failure> {
    let categories: Vec<(String, std::collections::BTreeSet<Direction>)> = bundle.categories().into_iter().collect();
    Plan::load(bundle.files(), bundle.divisions(), &categories, day).map_err(Failure::Usage)
}

impl Opened {
    /// A case with what staff wrote in clear, for whoever looks at this one case.
    pub(crate) fn readable(&self, mut case: Case) -> Case {
        self.house.keys().vault.open_texts(case.free_texts());
        case
    }
}

impl Context {
    /// Opens the data directory, makes it if it is not there, and brings every household up to the present day.
    pub(crate) fn house(&self) -> Result<Opened, Failure> {
        let opened = self.house_at_work()?;
        opened.house.settle_blocking()?;
        Ok(opened)
    }

    /// Opens the data directory, makes it if it is not there, and catches up with its journal; households that a
    /// day, a delivery or another bundle touches are looked at meanwhile.
    pub(crate) fn house_at_work(&self) -> Result<Opened, Failure> {
        let bundle = self.bundle()?;
        let plan = plan(&bundle)?;
        let digest = bundle.digest();
        bundles::keep(self.data(), digest, bundle.files())?;
        let book = Arc::new(Rulebook { bundle, plan });
        let options = Options::new(self.data(), digest, clock::from_env()?);
        let house = House::open(&options, Stages::new(self.shelf(&book)))?;
        house.tick_if_due_blocking()?;
        Ok(Opened { house, book })
    }

    /// Every bundle that ever decided here, with the present one at hand.
    pub(crate) fn shelf(&self, present: &Arc<Rulebook>) -> Shelf {
        let (data, present) = (self.data().to_owned(), Arc::clone(present));
        Box::new(move |digest: &Digest| {
            if *digest == present.bundle.digest() {
                return Some(Arc::clone(&present));
            }
            let files = bundles::read(&data, *digest).ok()??;
            let bundle = Bundle::load(files).ok()?;
            let plan = plan(&bundle).ok()?;
            Some(Arc::new(Rulebook { bundle, plan }))
        })
    }
}
