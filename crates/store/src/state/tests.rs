//! A view answers as a map does, and nobody sees what is not committed.

use proptest::prelude::*;

use super::*;

/// Whatever is put, removed and committed in whatever order, a view answers as a map does.
fn check(steps: &[(u8, Vec<u8>, Option<u8>)], probe: &[u8]) {
    let dir = tempfile::tempdir().unwrap();
    let rooms = Rooms::open(dir.path()).unwrap();
    let mut view = if probe.len().is_multiple_of(2) { rooms.view() } else { rooms.working_view() };
    let mut memory = Memory::default();
    for (commit, key, value) in steps {
        let space = [Space::Case, Space::CaseDue, Space::Household, Space::HouseholdFact, Space::RecordByHousehold]
            [usize::from(commit % 5)];
        match value {
            Some(value) => {
                view.put(space, key, vec![*value]);
                memory.put(space, key, vec![*value]);
            }
            None => {
                view.remove(space, key);
                memory.remove(space, key);
            }
        }
        if commit % 7 == 0 {
            view.commit().unwrap();
        }
    }
    for space in [
        Space::Correction,
        Space::Case,
        Space::CaseDue,
        Space::CaseByHousehold,
        Space::Household,
        Space::HouseholdFact,
        Space::HouseholdDue,
        Space::RecordByHousehold,
    ] {
        assert_eq!(view.get(space, probe), memory.get(space, probe));
        assert_eq!(view.scan(space, probe), memory.scan(space, probe));
        assert_eq!(view.scan_some(space, &[], probe, 3), memory.scan_some(space, &[], probe, 3));
        assert_eq!(view.scan_some(space, &[0], probe, 2), memory.scan_some(space, &[0], probe, 2));
        assert_eq!(view.scan_through(space, probe), memory.scan_through(space, probe));
        let mut walked = Vec::new();
        view.walk(space, &mut |key, value| {
            walked.push((key.to_vec(), value.to_vec()));
            Ok(())
        })
        .unwrap();
        assert_eq!(walked, memory.scan(space, &[]).unwrap());
    }
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(0xff)], 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_view_answers_as_a_map_does(
        steps in proptest::collection::vec((any::<u8>(), key(), proptest::option::of(any::<u8>())), 0..40),
        probe in key(),
    ) {
        check(&steps, &probe);
    }
}

#[test]
fn what_is_not_committed_is_seen_by_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let rooms = Rooms::open(dir.path()).unwrap();
    let mut mine = rooms.view();
    mine.put(Space::Case, b"a", vec![1]);
    assert_eq!(rooms.view().get(Space::Case, b"a").unwrap(), None);
    mine.commit().unwrap();
    assert_eq!(rooms.view().get(Space::Case, b"a").unwrap(), Some(vec![1]));
}

#[test]
fn a_state_of_another_form_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let keep = |form: Option<&[u8]>| {
        let db = sled::open(dir.path()).unwrap();
        db.insert(b"\x05h-1", b"an earlier head").unwrap();
        match form {
            Some(form) => db.insert(FORM_KEY, form).unwrap(),
            None => db.remove(FORM_KEY).unwrap(),
        };
        db.flush().unwrap();
    };
    for form in [None, Some(b"\x09".as_slice())] {
        keep(form);
        let fault = Rooms::open(dir.path()).err().unwrap();
        assert_eq!(fault.code(), "store/state");
        assert!(fault.problem().message.zh.contains("另一个版本"), "{fault}");
        assert_eq!(sled::open(dir.path()).unwrap().get(b"\x05h-1").unwrap().unwrap(), b"an earlier head");
    }
    keep(Some(FORM));
    assert!(Rooms::open(dir.path()).is_ok());
}
