#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::*;

const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111111111111:table/orders";
const VOLUME: &str = "arn:aws:ec2:eu-west-1:111111111111:volume/vol-1";
const POINT: &str = "arn:aws:backup:eu-west-1:111111111111:recovery-point:p1";

fn table() -> Wizard {
    Wizard {
        arn: TABLE.into(),
        date: "2026-11-21".into(),
        time: "14:04:31".into(),
        table: "orders-restored".into(),
        ..Wizard::default()
    }
}

#[test]
fn an_empty_wizard_asks_what() {
    assert_eq!(Wizard::default().stage(), (Step::What, None));
}

#[test]
fn each_answer_leads_to_the_next_question() {
    let mut wizard = Wizard {
        arn: TABLE.into(),
        ..Wizard::default()
    };
    assert_eq!(wizard.stage(), (Step::When, None));
    (wizard.date, wizard.time) = ("2026-11-21".into(), "14:04:31".into());
    assert_eq!(wizard.stage(), (Step::Where, None));
    wizard.table = "orders-restored".into();
    assert_eq!(wizard.stage(), (Step::Options, None));
    wizard.put_back = Some(BTreeSet::new());
    assert_eq!(wizard.stage(), (Step::Review, None));
}

#[test]
fn a_broken_answer_holds_the_wizard_back_and_names_its_field() {
    let mut wizard = table().at(Step::Review);
    wizard.table = "no spaces please".into();
    let (step, problem) = wizard.stage();
    assert_eq!(step, Step::Where);
    assert_eq!(problem.unwrap().field, "table name");

    let mut wizard = table().at(Step::Where);
    wizard.time = "26:00".into();
    let (step, problem) = wizard.stage();
    assert_eq!(
        (step, problem.unwrap().field),
        (Step::When, "time".to_owned())
    );
}

#[test]
fn going_back_shows_the_earlier_stage_and_keeps_what_was_entered() {
    let wizard = table().at(Step::When);
    assert_eq!(wizard.stage(), (Step::When, None));
    assert_eq!(
        Wizard::parse(wizard.query().as_str()).table,
        "orders-restored"
    );
}

#[test]
fn the_fields_of_a_stage_are_left_to_its_own_form() {
    let names = |step| -> Vec<String> {
        table()
            .fields(Some(step))
            .into_iter()
            .map(|f| f.0)
            .collect()
    };
    assert_eq!(names(Step::When), ["arn", "table"]);
    assert_eq!(names(Step::Where), ["arn", "date", "time"]);
}

#[test]
fn a_second_becomes_a_request_for_that_second() {
    let request = table().request(BTreeMap::new(), [PutBack::Tags]).unwrap();
    assert_eq!(
        request.source,
        RestoreSource::PointInTime {
            at: "2026-11-21T14:04:31Z".parse().unwrap()
        }
    );
    assert_eq!(request.target_table.as_deref(), Some("orders-restored"));
    assert_eq!(request.put_back, BTreeSet::from([PutBack::Tags]));
}

#[test]
fn choosing_nothing_to_put_back_is_not_the_same_as_not_having_chosen() {
    let chosen_none = Wizard::parse("chosen=1");
    assert_eq!(chosen_none.put_back, Some(BTreeSet::new()));
    assert_eq!(Wizard::parse("").put_back, None);
}

#[test]
fn tags_are_the_sources_none_or_edited() {
    let with = |query: &str| {
        let mut wizard = Wizard::parse(query);
        (wizard.arn, wizard.date, wizard.time) =
            (TABLE.into(), "2026-11-21".into(), "14:04:31".into());
        let again = Wizard::parse(wizard.query().as_str());
        assert_eq!(again, wizard);
        wizard.request(BTreeMap::new(), PutBack::ALL)
    };
    let source = with("chosen=1&put=stream&tags_from=source&tags=old%3D1").unwrap();
    assert!(source.put_back.contains(&PutBack::Tags) && source.tags.is_none());
    for none in [
        "chosen=1&put=stream&put=tags&tags_from=none&tags=a%3D1",
        "chosen=1&put=stream&put=tags&tags_from=edited&tags=+",
    ] {
        let none = with(none).unwrap();
        assert_eq!(none.put_back, BTreeSet::from([PutBack::Stream]));
        assert_eq!(none.tags, None);
    }
    let not_chosen = with("tags_from=none").unwrap();
    assert_eq!(not_chosen.put_back.len(), PutBack::ALL.len() - 1);
    let edited =
        with("chosen=1&tags_from=edited&tags=team%3Da%3Db%0D%0A%0D%0Apurpose+%3D+look").unwrap();
    assert!(edited.put_back.contains(&PutBack::Tags));
    let expected = BTreeMap::from([
        ("purpose".to_owned(), "look".to_owned()),
        ("team".to_owned(), "a=b".to_owned()),
    ]);
    assert_eq!(edited.tags, Some(expected));
    let error = with("chosen=1&tags_from=edited&tags=no+equals+sign").unwrap_err();
    assert_eq!(error.field, "tags");
    assert!(with("chosen=1&tags_from=edited&tags=a%3D1%0Aa%3D2").is_err());
}

#[test]
fn metadata_is_as_proposed_until_it_is_edited() {
    let mut wizard = Wizard {
        arn: VOLUME.into(),
        point: POINT.into(),
        vault: "daily".into(),
        ..Wizard::default()
    };
    let proposed = BTreeMap::from([("volumeType".to_owned(), "gp3".to_owned())]);
    let request = wizard.request(proposed.clone(), []).unwrap();
    assert_eq!(request.metadata, proposed);
    assert_eq!(request.target_table, None);
    wizard.metadata = Some(BTreeMap::new());
    let request = wizard.request(proposed, []).unwrap();
    assert!(request.metadata.is_empty());
}

#[test]
fn an_added_key_joins_the_metadata() {
    let wizard = Wizard::parse("edited=1&meta.a=1&key=+b+&value=2");
    let expected = BTreeMap::from([
        ("a".to_owned(), "1".to_owned()),
        ("b".to_owned(), "2".to_owned()),
    ]);
    assert_eq!(wizard.metadata, Some(expected));
}

#[test]
fn a_request_leads_back_to_its_wizard() {
    let mut wizard = table();
    wizard.put_back = Some(BTreeSet::from([PutBack::Stream, PutBack::Tags]));
    wizard.reason = "lost rows".into();
    let request = wizard.request(BTreeMap::new(), []).unwrap();
    assert_eq!(Wizard::of_request(&request), wizard);
}

#[test]
fn a_second_of_a_record_level_backup_goes_there_and_back() {
    let at = "2026-11-21T14:04:31Z".parse().unwrap();
    let mut wizard = table().from_records("c-1", at);
    wizard.partition = "tenant 7".into();
    wizard.put_back = Some(BTreeSet::new());
    let request = wizard.request(BTreeMap::new(), []).unwrap();
    let source = RestoreSource::Records {
        capture: "c-1".into(),
        at,
        partition: Some("tenant 7".into()),
    };
    assert_eq!(request.source, source);
    assert_eq!(Wizard::of_request(&request), wizard);
    // Another source forgets it.
    let wizard = wizard.from_second(at);
    assert_eq!(wizard.source(), Ok(RestoreSource::PointInTime { at }));
}

proptest! {
    #[test]
    fn the_address_keeps_the_whole_state(
        capture in "\\PC{0,8}", partition in "\\PC{0,8}",
        tags in "\\PC{0,20}",
        arn in "\\PC{0,40}", point in "\\PC{0,40}", vault in "\\PC{0,10}", date in "\\PC{0,10}",
        time in "\\PC{0,8}", table in "\\PC{0,20}", role in "\\PC{0,20}", reason in "\\PC{0,40}",
        metadata in proptest::option::of(proptest::collection::btree_map("[a-zA-Z.&=]{1,8}", "\\PC{1,8}", 0..4)),
        put in proptest::option::of(proptest::collection::btree_set(0usize..6, 0..6)),
        step in proptest::option::of(0usize..5),
    ) {
        let wizard = Wizard {
            capture, partition, tags,
            arn, point, vault, date, time, table, role, reason, metadata,
            put_back: put.map(|set| set.into_iter().map(|n| PutBack::ALL[n]).collect()),
            step: step.map(|n| Step::ALL[n]),
            cursor: String::new(),
            unknown: None,
        };
        prop_assert_eq!(Wizard::parse(wizard.query().as_str()), wizard);
    }
}

#[test]
fn a_name_that_nobody_knows_is_kept_for_its_refusal_and_all_others_are_known() {
    for name in Wizard::NAMES {
        assert_eq!(Wizard::parse(&format!("{name}=x")).unknown, None, "{name}");
    }
    let misspelt = Wizard::parse("meta.a=b&tabel=x&arn=a");
    assert_eq!(misspelt.unknown.as_deref(), Some("tabel"));
}
