//! Names in scripts that put the family name first and no blanks between words: Japanese, Chinese, Korean.

use std::sync::LazyLock;

use regex::Regex;

use super::told::is_joined;

/// Whether a name is written in such a script.
pub(super) fn is_eastern(name: &str) -> bool {
    name.chars().any(is_joined) && !name.chars().any(|c| c.is_alphabetic() && !is_joined(c))
}

/// Family name and first name of a whole name; none where they cannot be told apart.
pub(super) fn split(name: &str) -> Option<(String, String)> {
    let name = name.trim().trim_end_matches(['様', '氏']).trim_end_matches("さん").trim();
    let parts: Vec<&str> = name.split([' ', '　', '・']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [family, given] => return Some(((*family).to_owned(), (*given).to_owned())),
        [_] => {}
        _ => return None,
    }
    let letters: Vec<char> = name.chars().collect();
    let cut = |at: usize| {
        letters.split_at_checked(at).map(|(one, two)| (one.iter().collect::<String>(), two.iter().collect::<String>()))
    };
    let count = letters.len();
    if !(2..=6).contains(&count) {
        return None;
    }
    if letters.iter().all(|c| is_hangul(*c)) {
        let double = name.chars().take(2).collect::<String>();
        return cut(if count == 4 || KOREAN_DOUBLE.contains(&double.as_str()) && count > 3 { 2 } else { 1 })
            .filter(|_| count <= 4);
    }
    // `西村あかり`: the family name in ideographs, the first one in kana.
    let ideographs = letters.iter().take_while(|c| is_ideograph(**c)).count();
    if ideographs > 0 && ideographs < count {
        return cut(ideographs).filter(|(family, given)| {
            family.chars().count() <= 3
                && given.chars().count() > 1
                && !ENDINGS.iter().any(|end| given.starts_with(end))
        });
    }
    if ideographs != count {
        return None;
    }
    let starts = |length: usize| letters.iter().take(length).collect::<String>();
    if THREE.contains(&starts(3).as_str()) && count > 3 {
        return cut(3);
    }
    match count {
        2 => cut(1),
        3 => cut(if ONE.contains(&starts(1).as_str()) && !TWO.contains(&starts(2).as_str()) { 1 } else { 2 }),
        4 => cut(2),
        _ => cut(2),
    }
}

/// Whether a name is in kana alone.
pub(super) fn is_kana(name: &str) -> bool {
    name.chars().all(|c| matches!(c, '\u{3040}'..='\u{30ff}'))
}

fn is_hangul(letter: char) -> bool {
    matches!(letter, '\u{ac00}'..='\u{d7af}')
}

fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '々' | 'ヶ')
}

/// What follows a noun in a sentence.
#[rustfmt::skip]
const ENDINGS: &[&str] = &[
    "です", "だ", "でご", "でし", "より", "から", "まで", "さん", "さま", "ます", "まし", "した", "する", "ござ", "では", "には", "とは", "は", "が", "を", "に", "と", "も", "の", "なの", "つ",
];

const KOREAN_DOUBLE: &[&str] = &["남궁", "황보", "제갈", "선우", "독고", "사공", "서문"];
/// Family names of one ideograph: Chinese ones, and the Japanese ones that are common.
#[rustfmt::skip]
const ONE: &[&str] = &[
    "王", "李", "张", "張", "刘", "劉", "陈", "陳", "杨", "楊", "赵", "趙", "黄", "周", "吴", "吳", "徐", "孙", "孫", "胡", "朱", "高", "林", "何", "郭", "马", "馬", "罗", "羅", "梁", "宋", "郑", "鄭", "谢", "謝", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "許", "傅", "沈", "曾", "彭", "吕", "苏", "蘇",
    "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "葉", "阎", "余", "潘", "杜", "戴", "夏", "钟", "汪", "田", "任", "姜", "范", "方", "石", "姚", "谭", "廖", "邹", "熊", "金", "陆", "郝", "孔", "白", "崔", "康", "毛", "邱", "秦", "江", "史", "顾", "侯", "邵", "孟", "龙", "万", "段", "雷", "钱", "汤", "尹", "黎", "易", "常", "武", "乔", "贺", "赖", "龚", "文",
    "森", "原", "堀", "東", "南", "関", "星", "谷", "岡", "辻", "菅", "堤", "泉", "西", "北", "畑", "桂", "柳", "堺", "牧", "榊", "滝", "浜", "岸", "島", "峰", "椿", "梶", "湊", "乾", "巽",
];
/// Family names of two ideographs whose first one is a family name, too.
#[rustfmt::skip]
const TWO: &[&str] = &["高橋", "高木", "高田", "高野", "林田", "金子", "金田", "原田", "森田", "森本", "西村", "西田", "西川", "北村", "北川", "東山", "南野", "田中", "田村", "田辺", "石川", "石井", "石田", "石原", "岡田", "岡本", "岡崎", "関口", "関根", "谷口", "谷川", "星野", "島田", "浜田", "柳田", "武田", "江口", "方波", "泉谷", "菅原", "菅野", "堀江", "堀内", "夏目", "黄瀬", "馬場", "熊谷", "白石", "白井", "秦野", "雷門", "谷内", "浜口", "牧野", "滝沢", "江藤", "岸田", "岸本", "任天"];
/// Family names of three.
#[rustfmt::skip]
const THREE: &[&str] = &["佐々木", "長谷川", "五十嵐", "小笠原", "久保田", "大久保", "宇都宮", "小野寺", "曽我部", "佐久間", "長谷部", "日比野", "波多野", "五島田", "有馬場", "久保山", "西園寺", "勅使河"];

/// A name that is told: `…の岡本結衣さん`, `遠藤修一を`, `윤나래(`.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([\p{Han}々]{1,4}[ 　]?(?:[\p{Han}々]{1,4}?|[\p{Hiragana}ー]{1,5}?|[\p{Katakana}ー]{1,6}?))[ 　]?(?:（[^）]*）|\([^)]*\))?(?:様|さん|氏|さま|君|ちゃん|先生)?(?:です|を|が|の|に|は|と申|といい|と言|、|,|$|\n| |　|:|\()").ok()
});

/// A whole name right before an address, on its line or in its clause.
pub(super) fn beside(text: &str, at: usize, length: usize) -> Option<String> {
    let before = text.get(..at)?;
    let line = before.rsplit('\n').next()?;
    let behind = text.get(at + length..).unwrap_or_default().split('\n').next().unwrap_or_default();
    let last = |piece: &str| {
        let clean =
            piece.trim().trim_end_matches(['(', '（', '<', ':', ',', '、', '-', '–', '|', ' ', '　', '/', '：']);
        let clean = clean
            .trim_end_matches("メール")
            .trim_end_matches("さん")
            .trim_end_matches('様')
            .trim_end_matches('님')
            .trim_end_matches('氏')
            .trim();
        let words: Vec<&str> = clean
            .split([' ', '　', '\t', ',', '、', '。', '：', ':', '|', '・', '/'])
            .filter(|word| !word.is_empty())
            .collect();
        let tail: Vec<&str> = words.iter().rev().take_while(|word| is_eastern(word)).take(2).copied().collect();
        let tail: Vec<&str> = tail.into_iter().rev().collect();
        match tail.as_slice() {
            [family, given]
                if !family.chars().any(is_hangul)
                    && (1..=3).contains(&family.chars().count())
                    && (1..=4).contains(&given.chars().count()) =>
            {
                Some(format!("{family} {given}"))
            }
            [.., one] => {
                let one = one.rsplit('の').next().unwrap_or(one);
                (2..=5)
                    .contains(&one.chars().count())
                    .then(|| one.to_owned())
                    .filter(|one| split(one).is_some() && !is_word(one))
            }
            [] => None,
        }
    };
    let direct = last(line).or_else(|| {
        let inner = behind.trim_start().strip_prefix(['(', '（'])?;
        last(inner.split([')', '）']).next()?)
    });
    direct.or_else(|| told(before))
}

/// The last name that is told in a text.
fn told(text: &str) -> Option<String> {
    let sentence: String =
        text.lines().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n");
    let hits = NAMED.as_ref()?.captures_iter(&sentence).filter_map(|hit| Some(hit.get(1)?.as_str().to_owned()));
    hits.map(|name| name.rsplit('の').next().unwrap_or(&name).to_owned())
        .filter(|name| split(name).is_some() && !is_word(name) && (name.chars().count() > 2 || !is_japanese(text)))
        .last()
}

/// Whether a text has kana: two ideographs are a word there more often than a whole name.
fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3041}'..='\u{3096}'))
}

/// Words that look like names.
#[rustfmt::skip]
const NO_NAMES: &[&str] = &[
    "登録", "氏名", "連絡先", "担当", "担当者", "番号", "契約", "会社", "部署", "依頼", "追加", "利用者", "顧客", "契約番号", "新入社員", "社員", "職員", "後輩", "同僚", "先輩", "上司", "部長", "課長",
    "係長", "事務長", "名前", "您好", "你好", "请问", "同事", "邮箱", "帐号", "账号", "申请", "이메일", "메일", "계정", "담당자", "신규", "입사자", "이름", "来月", "今日", "明日", "次郎分", "監査",
    "総務", "経理", "情報", "窓口", "事務", "システム", "技術", "営業", "部門", "病院", "工業", "学校", "先生", "件名", "様式", "采购", "人事", "财务", "部门", "公司", "先月", "今月", "担当の", "현재",
    "저희", "고객", "포털", "ポータル", "アドレス", "メールアドレス", "メール", "お願い", "以下", "下記", "世話", "両名", "新增", "用户", "门户", "話", "名", "清栄", "今回", "二人", "二名", "謹啓", "拝啓", "民宿", "旅館", "商店", "医院", "内科", "タクシー", "フライト", "作成", "同意", "社長", "院長", "店長", "校長", "教頭", "弊社", "当社", "本人",
    "貴社", "御社", "製品", "商品", "上記", "以上", "高校", "大学", "中学", "小学", "学園", "法人", "組合", "協会", "銀行", "商会", "工務", "印刷", "環境", "管理", "運用", "設定", "更新", "発行", "手続", "確認", "必要", "可能", "新規", "変更", "追って", "先方", "同社", "同人", "各位", "関係", "平素", "早速", "至急", "至极", "产品", "上述", "大学", "医院", "学校", "银行", "제품", "당사", "귀사",
];

/// Whether a text is or holds a word that looks like a name.
pub(super) fn is_word(name: &str) -> bool {
    NO_NAMES.iter().any(|word| name.contains(word))
}
