use super::*;

#[test]
fn ours_are_added_at_the_end_and_a_second_time_changes_nothing() {
    let text = r#"{ "Version":"2008-10-17",  "Id" : "kept",
  "Statement" : [
    {"Sid":"A", "Effect":"Deny","Principal":"*","NotAction":["s3:Get*"],"Resource":"*"} ,
    {"Effect":"Allow","Extra":[1,{"x":"}]"}],"NotPrincipal":{"AWS":"1"}}
  ]  , "Else": null }"#;
    let once = merge(
        &Document::read(text).unwrap(),
        &exporters(),
        BUCKET_POLICY_LIMIT,
    )
    .unwrap();
    for kept in [
        r#""Version":"2008-10-17",  "Id" : "kept","#,
        r#"{"Sid":"A", "Effect":"Deny","Principal":"*","NotAction":["s3:Get*"],"Resource":"*"} ,"#,
        r#"{"Effect":"Allow","Extra":[1,{"x":"}]"}],"NotPrincipal":{"AWS":"1"}}"#,
        r#"  , "Else": null }"#,
    ] {
        assert!(once.contains(kept), "{once}");
    }
    let document = Document::read(&once).unwrap();
    assert_eq!(document.statements().len(), 4);
    // Over lines, as the policy is.
    assert!(once.contains(",\n    {\n      \""), "{once}");
    assert_eq!(
        merge(&document, &exporters(), BUCKET_POLICY_LIMIT).unwrap(),
        once
    );
}

#[test]
fn a_single_statement_becomes_a_list_and_keeps_its_bytes() {
    let one = r#"{"Effect" :"Deny","Principal":"*","Action":"s3:*","Resource":"*"}"#;
    let text = format!(r#"{{"Statement": {one} ,"Version":"2012-10-17"}}"#);
    let merged = merge(
        &Document::read(&text).unwrap(),
        &exporters(),
        BUCKET_POLICY_LIMIT,
    )
    .unwrap();
    assert!(
        merged.starts_with(&format!(r#"{{"Statement": [{one},{{"#)),
        "{merged}"
    );
    assert_eq!(Document::read(&merged).unwrap().statements().len(), 3);
}

#[test]
fn what_stands_under_our_id_is_replaced_and_stands_once() {
    let mut broken = exporters();
    broken[0]["Action"] = json!("s3:GetObject");
    let foreign = json!({"Sid": "Foreign", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"});
    let document = policy(&json!([broken[0], foreign, broken[0], broken[1]]));
    let merged = merge(&document, &exporters(), BUCKET_POLICY_LIMIT).unwrap();
    let after = Document::read(&merged).unwrap();
    let values: Vec<&Value> = after.statements().map(|one| &one.value).collect();
    assert_eq!(values, [&exporters()[0], &foreign, &exporters()[1]]);
}

#[test]
fn a_policy_is_made_where_there_is_none_and_goes_with_the_last_statement() {
    let made = merge(&Document::empty(), &exporters(), BUCKET_POLICY_LIMIT).unwrap();
    let document = Document::read(&made).unwrap();
    assert_eq!(document.statements().len(), 2);
    let sids: Vec<String> = exporters()
        .iter()
        .map(|one| one["Sid"].as_str().unwrap().to_owned())
        .collect();
    let one = remove(&document, &[&sids[0]]).unwrap().unwrap();
    assert_eq!(Document::read(&one).unwrap().statements().len(), 1);
    assert_eq!(remove(&document, &[&sids[0], &sids[1]]).unwrap(), None);
    assert_eq!(remove(&document, &["Other"]).unwrap().unwrap(), made);
}

#[test]
fn too_much_is_refused_with_the_number_of_bytes() {
    let filler = json!({"Sid": "x".repeat(BUCKET_POLICY_LIMIT - 200)});
    let document = policy(&json!([filler]));
    let error = merge(&document, &exporters(), BUCKET_POLICY_LIMIT).unwrap_err();
    assert!(error.rule.contains("20480"), "{error}");
    // What is there already is not refused for its size.
    let full = policy(&json!([exporters()[0], exporters()[1], {"Sid": "x".repeat(30_000)}]));
    assert_eq!(
        merge(&full, &exporters(), BUCKET_POLICY_LIMIT).unwrap(),
        full.text()
    );
}

#[test]
fn what_cannot_be_told_apart_is_not_touched() {
    for text in [
        "",
        "no",
        "[]",
        "{}",
        r#"{"Statement":3}"#,
        r#"{"Statement":[3]}"#,
        r#"{"Statement":[],"Statement":[]}"#,
        r#"{"Statement":[]} x"#,
    ] {
        assert_eq!(Document::read(text).unwrap_err().field, "policy", "{text}");
    }
}

#[test]
fn the_difference_names_each_statement() {
    let foreign = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"});
    let mut old = exporters();
    old[1]["Action"] = json!("s3:GetObject");
    let before = policy(&json!([foreign, old[1], {"Sid": "Gone", "Effect": "Allow"}]));
    let after = policy(&json!([foreign, exporters()[0], exporters()[1]]));
    let fates: Vec<(StatementFate, String)> = compare(&before, &after)
        .into_iter()
        .map(|change| (change.fate, change.label))
        .collect();
    let sid = |index: usize| exporters()[index]["Sid"].as_str().unwrap().to_owned();
    assert_eq!(
        fates,
        [
            (StatementFate::Kept, "statement 1".to_owned()),
            (StatementFate::Added, sid(0)),
            (StatementFate::Changed, sid(1)),
            (StatementFate::Removed, "Gone".to_owned()),
        ]
    );
    let nothing = compare(&after, &after);
    assert!(
        nothing
            .iter()
            .all(|change| change.fate == StatementFate::Kept)
    );
}
