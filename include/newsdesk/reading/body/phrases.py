"""What papers print between and below a story's paragraphs, told by how it begins.

Phrases are kept by their first word: a line is looked up by its own first word, so that the many
phrases cost a line that begins otherwise nothing. A phrase is a pattern for what follows the
word; ``$`` stands where the phrase must be all of the line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from newsdesk.fields import casing

_REST = r"\b.{0,160}$"

_BETWEEN: tuple[tuple[str, str], ...] = (
    ("advertisement advertisment anzeige publicidad publicité pubblicità werbung reklam", ""),
    ("sponsored", ""),
    ("read see watch listen", r"(?: more| also| next| too| now)?\s*[:|»>…]"),
    ("read", rf" (?:more|also|next|the full|our){_REST}"),
    ("also further", rf" read(?:ing)?{_REST}"),
    ("more", r" (?:on|from|in|about) .{0,60}:"),
    ("related", (r"(?: (?:stories|articles?|news|content|topics|coverage|links|reading|posts|video))?"
     r"\s*(?:[:|].*)?$")),
    ("recommended", r"(?: by our editors)?\s*(?:[:|].*)?$"),
    ("lesen", r" sie (?:auch|mehr|hier|dazu)\b"),
    ("mehr", r" zum thema"),
    ("lee leia lea leer ler", r" (?:también|tambien|também|más|mas|mais)\b"),
    ("te", r" puede interesar"),
    ("à a", r" lire (?:aussi|également)"),
    ("lire", r" aussi"),
    ("leggi", r" anche"),
    ("lees", r" ook"),
    ("læs les", r" også"),
    ("läs", r" också"),
    ("lue", r" myös"),
    ("czytaj przeczytaj", r" (?:też|także|również|więcej)"),
    ("přečtěte", r" si"),
    ("olvassa", r" el"),
    ("ayrıca", r" (?:oku|bakınız)"),
    ("bunu", r" da oku"),
    ("ilgili", r" haber"),
    ("le", r" puede interesar\s*:"),
    ("per", r" approfondire\s*:"),
    ("mohlo", r" by vás zajímat"),
    ("ezt", r" is ajánljuk"),
    ("לכתבות", r" נוספות"),
    ("இத", r"ையும் படி"),
    ("อ", r"่าน(?:ข่าว)?เพิ่มเติม"),
    ("ข", r"่าวที่เกี่ยวข้อง"),
    ("تابعوا", r" آخر أخبارنا"),
    ("dapatkan", r" update berita"),
    ("opdateret", r" (?:kl|den)\b.{0,40}$"),
    ("写真", r"】"),
    ("shuningdek", r" o"),
    ("pratite", r" nas na"),
    ("želite", r" li dopuniti temu"),
    ("ተጨማሪ", r" ያንብቡ"),
    ("baca", r" juga"),
    ("читайте", r" (?:также|ещё)"),
    ("اقرأ إقرأ", r" (?:أيض|المزيد)"),
    ("شاهد", r" أيض"),
    ("artikkelen", r" fortsetter\b"),
    ("continua", r" (?:a leggere|após)\b.{0,60}$"),
    ("dalszy", r" ciąg (?:materiału|artykułu)\b"),
    ("a", r" cikk a hirdetés"),
    ("tekst", r" gaat verder\b"),
    ("reklama реклама annons annonse annonce", r"\W*$"),
    ("läs", r" även\b"),
    ("loe", r" ka\b\s*:"),
    ("lasi", r" arī\b"),
    ("taip", r" pat skaitykite"),
    ("прочетете", r" още"),
    ("прочитајте", r" још"),
    ("llegeix", r" també"),
    ("artikel", r" anhören"),
    ("همچنین", r" بخوانید"),
    ("קראו", r" (?:גם|עוד)"),
    ("আর", r"ো পড়ুন"),
    ("इस", r"े भी पढ़ें"),
    ("ह", r"ेही वाचा"),
    ("đọc", r" thêm"),
    ("tin", r" liên quan"),
    ("simak lihat", r" juga"),
    ("basahin", r"\s*:"),
    ("推荐阅读 続きを読む", r".{0,60}$"),
    ("həmçinin", r" oxuyun"),
    ("soma", r" pia"),
    ("διαβάστε", r" (?:επίσης|ακόμη|ακόμα|περισσότερα)"),
    ("читайте", r" також"),
    ("смотрите", r" (?:также|ещё)"),
    ("zobacz", r" (?:też|także|również)"),
    ("čtěte", r" (?:také|též|i)\b"),
    ("čítajte", r" (?:tiež|aj)\b"),
    ("citește citeşte", r" (?:și|şi)\b"),
    ("pročitajte", r" (?:i|još|također|takođe)\b"),
    ("xem", r" thêm"),
    ("بیشتر", r" بخوانید"),
    ("یہ", r" بھی پڑھیں"),
    ("यह", r" भी पढ़ें"),
    ("य", r"े भी पढ़ें"),
    ("আরও", r" পড়ুন"),
    ("関連記事 あわせて読みたい 관련기사 관련뉴스 相关阅读 延伸阅读 相關新聞 延伸閱讀", r"\s*[:：>】\]]"),
    ("share", r" (?:this|on|via)\b|\W*$"),
    ("follow", r" us\b| .{1,40} on (?:twitter|facebook|instagram|x|social)\b"),
    ("sign", r" up (?:for|to|here|now)\b.{0,200}$"),
    ("subscribe", r" (?:to|now|here|for)\b.{0,200}$"),
    ("click", r" here\b.{0,120}$"),
    ("get receive", r" (?:the|our|all|your) .{0,80}(?:newsletter|inbox|alerts|updates)\b.{0,80}$"),
    ("enter", r" your email"),
    ("your", r" email"),
    ("scroll", r" (?:down )?(?:to|for)"),
    ("story article", r" continues"),
    ("continue", r" reading"),
    ("continues", r" below"),
    ("this", (r" video (?:is|can)| (?:site|page) is protected by recaptcha| content is"
     r"| document is subject to copyright| website uses cookies")),
    ("loading please", r"(?: wait)?\W*$"),
    ("play", r" video"),
    ("watch", r" (?:live|now|video|the video|below)\W*$"),
    ("image media", r" (?:source|caption)"),
    ("getty", r" images$"),
    ("photo photos foto fotos fotoğraf image images picture credit credits crédit фото صورة",
     r"(?:s? (?:by|credits?|von|par|de|di))?\s*[:：©].{0,60}$"),
    ("写真 사진 图片", r"\s*[:：].{0,40}$"),
    ("copyright", ""),
    ("c", r"\) ?\d{4}"),
    ("all", r" rights reserved"),
    ("to", r" (?:view|see|watch) this (?:video|content)"),
    ("we", r" use cookies"),
    ("view show", r" comments"),
    ("comments comment", r"\W*$"),
    ("leave", r" a (?:comment|reply)"),
    ("tags tag topics topic keywords keyword", r"\s*:"),
    ("filed", r" under"),
    ("etiketler", ""),
    ("print mail email facebook twitter whatsapp", r"\W*$"),
    ("e", r"-mail\W*$"),
    ("copy", r" link"),
    ("published updated posted aktualisiert publicado actualizado publié veröffentlicht",
     r"\b.{0,60}\d{4}.{0,40}$"),
    ("last first", r" (?:updated|published)\b.{0,60}\d{4}.{0,40}$"),
    ("mis", r" à jour\b.{0,60}\d{4}.{0,40}$"),
    ("temps", r" de lecture\b.{0,40}$"),
    ("il", r" vous reste \d+ ?% de cet article"),
    ("lesezeit lesedauer", r"\s*:?\s?(?:ca\. )?\d.{0,20}$"),
    ("reading", r" time\b.{0,30}$"),
    ("estimated", r" read(?:ing)?\b.{0,30}$"),
    ("okuma", r" süresi\b.{0,30}$"),
    ("tiempo tempo", r" d[ei] (?:lectura|leitura|lettura)\b.{0,30}$"),
    ("czas", r" czytania\b.{0,30}$"),
    ("время", r" чтения\b.{0,30}$"),
    ("what", r" do you think\? (?:let us|have your|tell us|join)\b.{0,80}$"),
    ("join", r" (?:our|the) whatsapp\b.{0,160}$"),
    ("let", r" us know (?:in the comments|what you think)\b.{0,60}$"),
    ("have", r" a tip\b| your say(?: (?:in|by|on|below|and)\b.{0,60}|\W*)$"),
    ("our", r" journalism needs"),
    ("by", r" (?:entering your email|signing up)\b"),
    ("thank", r" you for (?:reading|subscribing|signing|registering)"),
    ("support", r" (?:our|independent) journalism"),
    ("download", r" (?:the|our) .{0,40}app\b"),
    ("ad", r" feedback"),
    ("do", r" you have (?:a story|news)"),
    ("you", r" have (?:a story|news)| can unsubscribe"),
    ("got", r" a (?:story|tip|news)"),
    ("contact", r" (?:us|the author|the newsroom)\b"),
    ("kindly", r" share this"),
    ("reach", r" .{3,40} at (?:\(?\d|\S+@)"),
    ("our", r" standards\s*:"),
    ("except", r" for the headline, this story has not been edited"),
    ("by", r" providing an? e-?mail"),
    ("like", r" this (?:story|article)\?| .{3,40} on facebook\W*$"),
    ("for", r" more stories like this\b"),
    ("follow", r" our live blog"),
    ("listen", r" to this (?:article|story)\W*$"),
    ("email", r"\W+protected\W*$"),
    ("do", r" you have an opinion on"),
    ("ends end", r"\W*$"),
    ("30", r"\W*$"),
)  # fmt: skip

_NOTES: tuple[tuple[str, str], ...] = (
    ("if", r" you purchase a product or (?:register|sign up)"),
    (
        "this",
        (
            r" (?:article|story|piece|essay) (?:(?:was )?(?:first|originally) (?:appeared|published)"
            r"|was featured in\b.{0,80}\bnewsletter|contains affiliate links)\b"
        ),
    ),
    ("reprinted republished", r" (?:by|with) (?:the )?permission\b"),
    ("citation", r":.{0,300} retrieved .{4,40} from https?://"),
)
"""What papers say of a text itself; long, too."""

_BELOW: tuple[tuple[str, str], ...] = (
    ("related", (r"(?: (?:stories|articles?|news|content|topics|coverage|links|posts|reading|tags))?"
     r"\W*$")),
    ("topics tags keywords", r"\W*$"),
    ("key", r" words\W*$"),
    ("recommended", r"(?: for you| stories)?\W*$"),
    ("more", r" (?:from|on|like|stories|news|in|about)\b.{0,60}$"),
    ("read", r" (?:more|next|also)\W*$"),
    ("you", r" (?:may|might) (?:also )?(?:like|be interested).*$"),
    ("most", r" (?:read|popular|viewed|commented)\W*$"),
    ("trending", r"(?: now)?\W*$"),
    ("popular", r"(?: (?:stories|posts|now))?\W*$"),
    ("comments", r"(?: \(\d+\))?\W*$"),
    ("leave", r" a (?:comment|reply)\W*$"),
    ("join", r" the (?:conversation|discussion)\W*$"),
    ("about", r" the authors?\W*$"),
    ("author authors", r"\W*$"),
    ("latest", r" (?:news|stories|posts|from).{0,40}$"),
    ("what", r" to read next\W*$"),
    ("top", r" stories\W*$"),
    ("editor editors", r"['’]?s?['’]? picks?\W*$"),
    ("around", r" the web\W*$"),
    ("sponsored", r"(?: content| stories)?\W*$"),
    ("share", r" this(?: article| story| post)?\W*$"),
    ("das", r" könnte (?:sie|dich|ihnen) auch.{0,60}$"),
    ("mehr", r" (?:zum thema|artikel|aus).{0,60}$"),
    ("auch", r" interessant.{0,60}$"),
    ("lesen", r" sie auch.{0,60}$"),
    ("weitere", r" (?:artikel|themen|meldungen).{0,60}$"),
    ("meistgelesen kommentare kommentar", r".{0,60}$"),
    ("más", r" (?:noticias|sobre|en|información).{0,60}$"),
    ("noticias temas", r" relacionad[oa]s.{0,60}$"),
    ("te", r" puede interesar.{0,60}$"),
    ("lo", r" más (?:leído|visto).{0,60}$"),
    ("relacionadas relacionados comentarios", r".{0,60}$"),
    ("sur", r" le même (?:sujet|thème).{0,60}$"),
    ("à", r" lire aussi.{0,60}$"),
    ("les", r" (?:plus lus|også).{0,60}$"),
    ("commentaires", r".{0,60}$"),
    ("leggi", r" anche.{0,60}$"),
    ("più", r" letti.{0,60}$"),
    ("potrebbe", r" interessarti.{0,60}$"),
    ("leia", r" (?:também|mais).{0,60}$"),
    ("mais", r" lidas.{0,60}$"),
    ("veja", r" também.{0,60}$"),
    ("læs", r" også.{0,60}$"),
    ("läs", r" mer.{0,60}$"),
    ("lees", r" ook.{0,60}$"),
    ("meer", r" (?:over|nieuws).{0,60}$"),
    ("ilgili", r" haberler.{0,60}$"),
    ("çok", r" okunanlar.{0,60}$"),
    ("yorumlar etiketler", r".{0,60}$"),
    ("читайте", r" также.{0,60}$"),
    ("похожие", r".{0,60}$"),
    ("اقرأ", r" أيضا.{0,60}$"),
    ("مواضيع", r"(?: ذات صلة)?.{0,60}$"),
    ("diskusia komentarji komentarai komentāri kommentaarid komente comentaris", r"(?: ?\(?\d+\)?)?\W*$"),
    ("iruzkinak athugasemdir şərhlər კომენტარები пікірлер تبصرے komen kommentaar", r"(?: ?\(?\d+\)?)?\W*$"),
    ("মন", r"্তব্য\W*$"),
    ("повезане", r" вести\W*$"),
    ("vezane povezane", r" (?:vijesti|vesti|teme)\W*$"),
    ("още", r" по темата\W*$"),
    ("súvisiace související", r" články\W*$"),
    ("sorodne", r" novice\W*$"),
    ("susiję", r" straipsniai\W*$"),
    ("saistītie", r" raksti\W*$"),
    ("seotud", r" lood\W*$"),
    ("lajme", r" të ngjashme\W*$"),
    ("notícies novas", r" relacionad[ae]s\W*$"),
    ("tengdar", r" fréttir\W*$"),
    ("oxşar", r" xəbərlər\W*$"),
    ("მსგავსი", r" სიახლეები\W*$"),
    ("նմանատիպ", r" նյութեր\W*$"),
    ("متعلقہ", r" خبریں\W*$"),
    ("verwante", r" artikels\W*$"),
    ("habari", r" zinazohusiana\W*$"),
    ("komentarze commenti comentários reacties komentáře kommentit", r"(?: ?\(?\d+\)?)?\W*$"),
    ("hozzászólások σχόλια комментарии коментарі коментари komentari", r"(?: ?\(?\d+\)?)?\W*$"),
    ("مطالب", r" مرتبط\W*$"),
    ("כתבות", r" (?:נוספות|קשורות)\W*$"),
    ("berita", r" (?:terkait|lainnya|berkaitan)\W*$"),
    ("많이", r" 본 뉴스\W*$"),
    ("おすすめ記事", r"\W*$"),
    ("كلمات", r" (?:مفتاحية|دلالية)\W*$"),
    ("関連記事 関連キーワード 関連ニュース 関連タグ 관련기사 관련뉴스 相关阅读 延伸阅读 相關新聞 延伸閱讀", r"\W*$"),
)  # fmt: skip

SHORT = 240
"""Characters of a line that may be a button or a hint."""

NOTE = 600
"""Characters of a line that may be a note."""

_FIRST = re.compile(r"\W*(\w+)")
_INVITATION = re.compile(
    r"\b[Ss]ign(?:ing)? up (?:for|to) (?:our|the|it)\b|\b[Ss]ubscribe to (?:our|the)\b"
)
"""What invites readers to a newsletter, wherever in a line."""

SENTENCE = 7
"""Spaces between words from which a line that ends in a stop is a sentence."""

LABEL = 40
"""Characters at the beginning of a line among which a colon ends a label."""

_PAPERS = re.compile(
    r"newsletter|inbox|\bsign(?:ing)? (?:up|in)\b|\blog in\b|subscri|cookies?\b|captcha|click|e-?mail|\bapps?\b|whatsapp"
    r"|comments? (?:below|section)|reserved|\bour\b|@\w|https?:|www\.|©"
    r"|this (?:article|story|page|video|content|document)\b|cet article",
    re.IGNORECASE,
)
"""What a paper speaks of when it speaks to its readers."""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_REFERENCE = re.compile(r"\bdoi:\s?10\.\d{4,9}/\S*[^\s).,;]$", re.IGNORECASE)
"""Where a story on science names below it what was published: it ends in its number."""

_SHORTCODE = re.compile(
    r"\[(embed|caption|gallery|video|audio|playlist|youtube|twitter|tweet|instagram|iframe|ad)"
    r"\b[^\]]*\](?:[^\[]*\[/\1\])?"
)
"""What WordPress fills in when it shows a page; where it stands, nothing did."""


def _by_word(phrases: tuple[tuple[str, str], ...]) -> Mapping[str, re.Pattern[str]]:
    found: dict[str, list[str]] = {}
    for words, rest in phrases:
        for word in words.split():
            found.setdefault(word, []).append(rest)
    return {
        word: re.compile("|".join(f"(?:{rest})" for rest in rests), re.IGNORECASE)
        for word, rests in found.items()
    }


_BETWEEN_BY_WORD, _BELOW_BY_WORD = _by_word(_BETWEEN + _NOTES), _by_word(_BELOW)
_NOTES_BY_WORD = _by_word(_NOTES)


def between(text: str) -> bool:
    """Whether a line is one of those that papers print between or below a story's paragraphs.

    >>> between("Read more: Rain expected"), between("Read the letter again.")
    (True, False)
    >>> between("https://paper.example/a"), between("[embed]https://video.example/1[/embed]")
    (True, True)
    """
    if len(text) >= NOTE:
        return False
    if "10." in text and _REFERENCE.search(text):
        return True
    if len(text) >= SHORT:
        return _begins(text, _NOTES_BY_WORD)
    if "newsletter" in text and _INVITATION.search(text):
        return True
    match text[:1]:
        case "©":
            return True
        case "_" | "*" | "-" | "—" | "–" | "#" | "•" if not any(map(str.isalnum, text)):
            return True
        case "h" | "w" if _ADDRESS.fullmatch(text):
            return True
        case "[" if _SHORTCODE.fullmatch(text):
            return True
    if not _begins(text, _BETWEEN_BY_WORD):
        return False
    return not _is_told(text) or _begins(text, _NOTES_BY_WORD)


def _is_told(text: str) -> bool:
    """Whether a line is a sentence of the story's, as "Copyright law has never settled that" is."""
    if text[0] in "“„«":
        return True
    is_sentence = text[-1] in ".?!”" and text.count(" ") >= SENTENCE
    return is_sentence and ":" not in text[:LABEL] and not _PAPERS.search(text)


def below(text: str) -> bool:
    """Whether a line is the heading of what papers print below a story.

    >>> below("RELATED STORIES"), below("Related to a king")
    (True, False)
    """
    return _begins(text, _BELOW_BY_WORD)


def _begins(text: str, phrases: Mapping[str, re.Pattern[str]]) -> bool:
    first = _FIRST.match(text)
    if first is None:
        return False
    word = first[1]
    pattern = phrases.get(word.lower())
    if pattern is None and ("I" in word or "İ" in word):
        pattern = phrases.get(casing.lower(word, turkish=True))
    return pattern is not None and pattern.match(text, first.end()) is not None
