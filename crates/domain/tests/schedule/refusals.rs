use rstest::rstest;
use tidemark_domain::schedule::AwsCron;

#[rstest]
#[case("", "schedule")]
#[case("0 5 ? * * *", "schedule")]
#[case("cron(0 5 ? * *)", "schedule")]
#[case("cron(0 5 ? * * * *)", "schedule")]
#[case("cron()", "schedule")]
#[case("rate(12 hours)", "schedule")]
#[case("cron(60 5 ? * * *)", "Minutes")]
#[case("cron(-1 5 ? * * *)", "Minutes")]
#[case("cron(5/0 5 ? * * *)", "Minutes")]
#[case("cron(5/60 5 ? * * *)", "Minutes")]
#[case("cron(,5 5 ? * * *)", "Minutes")]
#[case("cron(L 5 ? * * *)", "Minutes")]
#[case("cron(? 5 ? * * *)", "Minutes")]
#[case("cron(0 24 ? * * *)", "Hours")]
#[case("cron(0 5-24 ? * * *)", "Hours")]
#[case("cron(0 +5 ? * * *)", "Hours")]
#[case("cron(0 5 32 * ? *)", "Day-of-month")]
#[case("cron(0 5 0 * ? *)", "Day-of-month")]
#[case("cron(0 5 32W * ? *)", "Day-of-month")]
#[case("cron(0 5 W * ? *)", "Day-of-month")]
#[case("cron(0 5 L-3 * ? *)", "Day-of-month")]
#[case("cron(0 5 ? * ? *)", "Day-of-month")]
#[case("cron(0 5 1 13 ? *)", "Month")]
#[case("cron(0 5 1 JANUARY ? *)", "Month")]
#[case("cron(0 5 * * * *)", "Day-of-week")]
#[case("cron(0 5 1 * MON *)", "Day-of-week")]
#[case("cron(0 5 ? * 8 *)", "Day-of-week")]
#[case("cron(0 5 ? * 0 *)", "Day-of-week")]
#[case("cron(0 5 ? * 6#6 *)", "Day-of-week")]
#[case("cron(0 5 ? * 6#0 *)", "Day-of-week")]
#[case("cron(0 5 ? * 8L *)", "Day-of-week")]
#[case("cron(0 5 ? * * 1969)", "Year")]
#[case("cron(0 5 ? * * 2200)", "Year")]
#[case("cron(0 5 ? * * 2030-2026)", "Year")]
fn a_malformed_expression_names_the_field(#[case] text: &str, #[case] field: &str) {
    let error = AwsCron::parse(text).unwrap_err();
    assert_eq!(error.field, field, "{error}");
}

#[test]
fn rate_offers_the_cron_form() {
    let error = AwsCron::parse("rate(12 hours)").unwrap_err();
    assert!(error.rule.contains("cron(0 0/12 ? * * *)"), "{error}");
}

#[test]
fn more_than_hourly_is_refused_for_backups_only() {
    let often = AwsCron::parse("cron(0/30 * ? * * *)").unwrap();
    assert_eq!(often.check_for_backup().unwrap_err().field, "Minutes");
    assert!(
        AwsCron::parse("cron(0 * ? * * *)")
            .unwrap()
            .check_for_backup()
            .is_ok()
    );
}
