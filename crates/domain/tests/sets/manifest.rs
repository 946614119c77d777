use rstest::rstest;
use tidemark_domain::sets::{HookReach, MOST_BYTES, SetManifest, TEMPLATES, read};

pub(crate) const SMALL: &str = "version: 1
name: small
account: \"111122223333\"
region: eu-west-1
members:
  - name: disk
    file_system: fs-01
  - name: database
    db_instance: orders
order:
  - member: database
    no_later_than: [disk]
";

fn faults(text: &str) -> Vec<String> {
    let faults = read(text, &HookReach::default()).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn every_template_is_a_manifest_and_lines_up() {
    for template in TEMPLATES {
        let set = read(template.text, &HookReach::default());
        let set = set.unwrap_or_else(|faults| panic!("{}: {faults:?}", template.id));
        let now = "2026-12-01T00:00:00Z".parse().unwrap();
        assert_eq!(
            tidemark_domain::sets::misfits(&set, now),
            [],
            "{}",
            template.id
        );
    }
}

#[test]
fn a_manifest_is_the_same_in_yaml_and_in_json() {
    let yaml = read(SMALL, &HookReach::default()).unwrap();
    let json = serde_json::to_string_pretty(&yaml).unwrap();
    assert_eq!(read(&json, &HookReach::default()).unwrap(), yaml);
    // Tabs, and a character that JSON writes in two parts.
    let tabbed = json.replace("  ", "\t").replace(
        "\"small\",",
        "\"small\",\t\"description\": \"a \\ud83d\\ude00 \\\\ \\\" \\/\",",
    );
    let set = read(&tabbed, &HookReach::default()).unwrap();
    assert_eq!(set.description, "a \u{1f600} \\ \" /");
    assert_eq!(
        SetManifest {
            description: String::new(),
            ..set
        },
        yaml
    );
}

#[test]
fn members_have_arns_of_their_own_account_and_region() {
    let text = SMALL.replace(
        "    db_instance: orders\n",
        "    db_instance: orders\n    region: cn-north-1\n    account: \"444455556666\"\n",
    );
    let set = read(&text, &HookReach::default()).unwrap();
    let arns: Vec<String> = set
        .members
        .iter()
        .map(|m| m.arn(&set).unwrap().to_string())
        .collect();
    assert_eq!(
        arns,
        [
            "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-01",
            "arn:aws-cn:rds:cn-north-1:444455556666:db:orders",
        ]
    );
}

#[rstest]
#[case::unknown_member(
    "file_system: fs-01",
    "filesystem: fs-01",
    "line 7: members[0].filesystem: is not known here; did you mean file_system?"
)]
#[case::two_ways(
    "file_system: fs-01",
    "file_system: fs-01\n    table: t",
    "line 6: members[0]: must be named in exactly one way"
)]
#[case::no_way("    file_system: fs-01\n", "", "none is there")]
#[case::stranger(
    "no_later_than: [disk]",
    "no_later_than: [dsik]",
    "line 12: order[0].no_later_than[0]: dsik is no member of the set; did you mean disk?"
)]
#[case::circle(
    "no_later_than: [disk]",
    "no_later_than: [disk]\n  - {member: disk, no_later_than: [database]}",
    "line 13: order[1]: disk may not be later than database"
)]
#[case::number_for_text(
    "\"111122223333\"",
    "111122223333",
    "line 3: account: must be text, not 111122223333; put it in quotes"
)]
#[case::short_account("\"111122223333\"", "\"1111\"", "line 3: account: ")]
#[case::twice(
    "region: eu-west-1",
    "region: eu-west-1\nname: again",
    "line 5: the member name is there twice"
)]
#[case::same_name(
    "name: database\n    db_instance: orders\norder:\n  - member: database\n    no_later_than: [disk]",
    "name: disk\n    db_instance: orders",
    "line 8: members[1].name: disk is the name of an earlier member too"
)]
#[case::version("version: 1", "version: 2", "line 1: version: must be 1")]
#[case::alias(
    "region: eu-west-1",
    "region: &r eu-west-1",
    "line 4: anchors (&name) are not accepted"
)]
#[case::tag(
    "region: eu-west-1",
    "region: !Ref Region",
    "line 4: tags such as !Ref are not known here"
)]
#[case::second_document("order:", "---\norder:", "a second document begins here")]
#[case::no_yaml("members:", "members: [", "could not be read as YAML")]
fn what_is_wrong_is_said_with_its_line(#[case] was: &str, #[case] is: &str, #[case] says: &str) {
    let found = faults(&SMALL.replacen(was, is, 1));
    assert!(found.iter().any(|fault| fault.contains(says)), "{found:#?}");
}

#[rstest]
#[case::private(
    "https://10.0.0.8/pause",
    "line 16: pause.pause.url: 10.0.0.8 is a private address"
)]
#[case::metadata("https://169.254.169.254/", "is a private address")]
#[case::own_host("https://localhost/", "is a name of the own network")]
#[case::plain("http://example.com/", "must begin with https://")]
fn hooks_to_private_places_are_refused(#[case] url: &str, #[case] says: &str) {
    let hooks = format!(
        "{SMALL}pause:\n  at_most_minutes: 5\n  pause:\n    url: {url}\n  resume: {{url: \"https://example.com/\"}}\n"
    );
    let found = faults(&hooks);
    assert!(found[0].contains(says), "{found:#?}");
    let place = url.split('/').nth(2).unwrap();
    assert!(read(&hooks, &HookReach::parse(place)).is_ok());
}

#[test]
fn what_would_grow_is_refused_before_it_does() {
    let large = format!("{SMALL}# {}", "x".repeat(10 * 1024 * 1024));
    assert_eq!(
        faults(&large),
        [format!(
            "the file has {} bytes; a manifest has at most {MOST_BYTES}",
            large.len()
        )]
    );
    let doubling = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
    assert_eq!(
        faults(doubling),
        ["line 1: anchors (&name) are not accepted, since aliases are not: write the value out"]
    );
    let deep = format!("a: {}x{}", "[".repeat(40), "]".repeat(40));
    assert!(faults(&deep)[0].contains("16 deep"), "{:?}", faults(&deep));
    assert!(
        faults(&format!("{SMALL}description: {}", "x".repeat(600)))[0].contains("500 characters")
    );
}

#[test]
fn a_list_and_nothing_are_no_manifest() {
    assert!(faults("[]")[0].contains("a list is no manifest"));
    assert_eq!(faults(" \n"), ["the file is empty"]);
    assert!(faults("{\"version\": 1,}")[0].starts_with("line 1: could not be read as JSON"));
    assert!(faults("just text")[0].contains("must be an object"));
}

#[test]
fn more_than_one_fault_is_told_at_once_in_the_order_of_the_file() {
    let text = SMALL
        .replace("name: small", "name: a set")
        .replace("fs-01", "fs/01");
    let found = faults(&text);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(
        found[0].starts_with("line 2: name:")
            && found[1].starts_with("line 7: members[0].file_system:")
    );
}
