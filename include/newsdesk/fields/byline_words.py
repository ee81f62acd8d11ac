"""The words around names in bylines: labels, joints, job titles, desks, organisations.

In the languages that papers print them in; no paper and no person is named.
"""

from __future__ import annotations

import re

_OUR_CORRESPONDENT = (
    r"von unser(?:em|er|en) (?:[\w-]*korrespondent(?:en|in|innen)?|mitarbeiter(?:in|n)?"
    r"|redakteur(?:in|en)?|reporter(?:in|n)?|redaktionsmitglied)"
    r"|(?:de|par) notre (?:correspondante?|envoyée? spéciale?)"
    r"|de nuestr[oa] (?:corresponsal|enviad[oa] especial)"
    r"|d(?:al|alla) nostr[oa] (?:inviat[oa]|corrispondente)"
    r"|(?:door|van) onze (?:[\w-]*redacteur(?:en)?|[\w-]*correspondent(?:en|e)?|verslaggevers?|verslaggeefster)"
    r"|(?:by|from) our (?:own |special |staff )?correspondent(?=,?\s\S)"
)
_WROTE = (
    r"autore?|autora|auteurs?|autor(?:en|i|es)?|authors?|texte?|tekst|texto|teksti|haber|yazan|editör|muhabir"
    r"|penulis|reporter|writer|kirjoittaja|de|írta|szerző|piše|napisała?|autoři|autorka|аутор|autorius|συντάκτης|επιμέλεια|toimetas|avtor|autors|testua|müəllif|авторы|muallif|ავტორი|nivîskar|пишува|تحریر|రచయిత|qoraa|لیکوال|parengė|автор|текст|نویسنده|خبرنگار|المراسل"
)
_SCRIPTED = r"كتبت?|بواسطة|إعداد|تحرير|作者|撰文|文|记者|記者|글|기자명|โดย|מאת|लेखक"
SOURCE = (
    r"kaynak|source|quelle|fuente|fonte|źródło|zdroj|sursa|forrás|källa|lähde|kilde|bron|πηγή"
    r"|источник|джерело|منبع|المصدر|来源|來源|출처"
)
"""What stands, with a colon, before where a story is from; a pattern."""

LABEL = re.compile(
    r"\s*(?:"
    r"(?:story|text|words) and (?:photos?|photographs|pictures|video)\s+by"
    rf"|{_OUR_CORRESPONDENT}|guest (?:contributor|columnist|writer)"
    r"|(?:(?:with|con|com|mit|avec)\s+)?(?:(?:additional\s+)?(?:inputs?|files|reports|reporting|information)"
    r"\s+(?:from|by)|información\s+de|informações\s+d[aeo]s?|material\s+von)"
    r"|compiled\s+from|(?:written|compiled|reported|edited|posted|published|submitted|story|words|text|report|analysis|review"
    r"|opinion|interview|exclusive|column|photos? and story|reporting)s?\s+by"
    r"|by|von|par|por|di|da|door|av|af|του|της|των|(?:nga|daga)(?=\s\S+\s\S)|deur|parengė|oleh|od|от|from|fra|från|skrevet a[vf]|propos recueillis par|a cura di|scris de|bericht von|ein[e]? .{3,40} von"
    rf"|(?:{_WROTE}|{SOURCE}|redacción|foto|photos?|video)\s?[:：]"
    rf"|autorin/autor|بقلم|{_SCRIPTED}|取材・文|oprac(?:\.|owa(?:nie|ła?))|γράφ(?:ει|ουν)(?:\s(?:οι|ο|η)(?=\s))?"
    r")(?:(?=[\s:：]|$)|(?<=[:：]))\s*[:：]?\s*",
    re.IGNORECASE,
)
"""What stands before a name."""

_DONE = (
    r"photos?|photographs?|photography|pictures|video|illustrations?|graphics?|fotos?|bild(?:er)?"
    r"|vidéo|kamera|fotoğraf(?:lar)?|vídeo|fotografie|фото|видео|translat(?:ed|ion)|übersetzung|traducción|traduction|traduzione"
)
DID = re.compile(
    rf"(?:and\s+)?(?P<role>{_DONE})(?:\s+(?:by|von|par|por|di|de)\s|\s?:)\s*", re.IGNORECASE
)
"""What somebody did who is named beside those who wrote."""

DONE = re.compile(_DONE, re.IGNORECASE)
"""The same in brackets behind the name."""

HONORIFIC = re.compile(
    r"^(?:(?:(?:the\s+)?(?:(?:right|most|very)\s+)?rev(?:erend|\.)|(?:univ\.?-)?prof(?:essor(?:in)?|essora?|\.)?|prof|assoc\.|asst\.|dr\.?|doç\.|yrd\.|dipl\.-\w+\.?"
    r"|mag\.|ph\.?d\.?|h\.\s?c\.|ing\.)\s+|(?:أ\.\s?)?د\.\s*|доктор\s+|проф\.\s+)+(?=\S+\s+\S)",
    re.IGNORECASE,
)
"""Academic titles before a name of two words or more."""

JOINT = re.compile(r"^(?:and|und|et|y|ve|og|och|e|i|&)\s+(?=[^\W\d_a-z])")
"""A word between names that stands before a name because brackets parted it from the one before."""

_HAN = r"[\u4e00-\u9fff]"
PAID = re.compile(
    r"\W*(?:(?:paid for|sponsored|brought to you|powered|supported) by|in (?:association|partnership) with)\b",
    re.IGNORECASE,
)
"""What stands before who paid for a text."""

REPORTERS = re.compile(
    rf"[〔【]?(?:本[报報])?(?:[实實][习習]|特[约約]|首席)?[记記]者\s?(?={_HAN}{{2,4}}(?:[\s、，／/〕】]|$))"
)
"""What Chinese papers print before names without a colon, mostly without a space, too."""

CHINESE = re.compile(r"(?:作者|撰文|记者|文)\s?[:：]")
"""The same with a colon; in Japanese, whose names have a space in them, it is 執筆 or 記者."""

BETWEEN_REPORTERS = re.compile(rf"(?<={_HAN})\s+(?={_HAN}{{2,4}}(?:\s|$))")
"""What parts the names of such a line."""

_ARABIC = r"[\u0620-\u064a]"
_ARABIC_NAMES = (
    "وائل|وليد|وليم|وسام|وسيم|وفاء|وفيق|وداد|وديع|وجدي|وجيه|وحيد|ورد|وردة|وردية|وصفي|وضاح|وعد|ولاء|ولي"
    "|وكالة|وكالات|وزارة|وهاب|وهبة|وهبي|وهيب|وهيبة|ويسام|واصف|واثق|وادي|وجدان|وسن|وصال|وئام|واحد"
)
"""Names, and words for who signs, that begin with the letter that is the word "and" in Arabic."""

WROTE = rf"(?:{_WROTE})\s?:|(?:{_SCRIPTED})\s?[:：]|(?:بقلم|מאת|기자명)\s"
"""What stands, mostly with a colon, before who wrote; a pattern."""

BY = r"by|von|par|por|di|door|av|af|oleh|от|skrevet a[vf]|propos recueillis par|a cura di|scris de|oprac\.|γράφ(?:ει|ουν) (?:οι|ο|η)"
"""What stands before a name in a line that is a byline whatever stands around it; a pattern."""

GLUED = re.compile(r"By(?=(?:[A-Z]\.|[A-Z][a-z’']|The\s))")
"""A label without the space that the page draws by style: "ByAda Moss"."""

ADDRESS = re.compile(
    r"[^\s@]+@[^\s@]+\.\w+|(?<!\w)@\w+|https?://\S+|www\.\S+|\S+\.(?:com|net|org)\b", re.IGNORECASE
)
"""E-mail and web addresses, account names."""

TAIL = re.compile(
    r"(?:(?:last\s+)?updated|published|posted|modified|aktualisiert|veröffentlicht|publicado"
    r"|actualizado|mis à jour|publié|pubblicato|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b\d{1,2}:\d\d"
    r"|\b\d{1,2}(?:st|nd|rd|th|\.)?\s+[^\W\d_]{3,10}\.?,?\s+(?:19|20)\d\d"
    r"|(?:edited|editing) by\b|\bon (?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:19|20)\d\d\b|\d+\s*min(?:ute)?(?:s|n)?\b|\d+ comments?|follow\b|read more|share\b"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?\b).*$",
    re.IGNORECASE | re.DOTALL,
)
"""Dates, reading times and buttons behind the names."""

LEFT_OF_DATE = re.compile(r"\s+(?:on|am|at)\s*$")
"""What a date leaves behind that was cut from a line."""

_HEBREW = r"[\u05d0-\u05ea]"
_HEBREW_NAMES = "ויקטור|ויקטוריה|ורד|ורדה|ולדימיר|ונסה|ואליד|וליד|ויויאן|ויולט|ויליאם|וולטר|וינסנט"
"""Names that begin with the letter that is the word "and" in Hebrew."""

GLUED_NAMES = re.compile(
    rf"\s*،(?:\s*(?!(?:{_ARABIC_NAMES})\b)و(?={_ARABIC}{{2}}))?\s*"
    rf"|(?<={_ARABIC})\s+(?!(?:{_ARABIC_NAMES})\b)و(?={_ARABIC}{{2,}}\s{_ARABIC}{{2}})"
    rf"|(?<={_HEBREW})\s+(?!(?:{_HEBREW_NAMES})\b)ו(?={_HEBREW}{{2,}}\s{_HEBREW}{{2}})"
    r"|(?<=[A-ZÇĞİÖŞÜ]{2})-(?=[A-ZÇĞİÖŞÜ][a-zçğıöşü]+\s[A-ZÇĞİÖŞÜ]{2})"
)
"""Where a name begins that is printed without a space before it: as Arabic and Hebrew write "and",
and as Turkish agencies join those who signed."""

WITH = re.compile(r"\s(?:[Ww]ith|mit|avec|con|com|ile|med|met)\s", re.IGNORECASE)
SPLIT = re.compile(
    r"\s*(?:[;|•·\n\t/／]|,\s+(?:and|&|und|et|y|ve|og|och|en|e|i)\s|,|\s[-–—]\s|、|，|・"
    r"|\s(?:and|&|und|et|y|ve|og|och|en|e|i|и|και|و|och|és|ja|dan|și|та|ir|及び)\s"
    r"|\sو(?=وكالات)"
    r"|\s(?:[Ww]ith|mit|avec|con|com|ile|med|met)\s|\s(?=[Ff]or\s+(?:[Tt]he\s+)?[A-Z])"
    rf"|\.?\s(?=(?i:{_DONE})(?:\s(?:by|von|par|por|di|de)\s|\s?:)))\s*",
)
"""What stands between names."""

SHOUTED = re.compile(r"\b(?:AND|WITH|UND|MIT|ET|AVEC|VE|OG|OCH|CON|IN|FROM|FOR)\b")
"""Words between names in a line of capitals. Single letters may be initials."""

PLACE = re.compile(r"\s+(?:in|from|at|aus|à|en|em|im|reports from|reporting from)\s+[A-ZÀ-Þ].*$")
SPECIAL = re.compile(r"(?<=\S)\s+special (?:to|for) .*$", re.IGNORECASE)
"""For whom somebody wrote who is not of the paper."""

POSTED = re.compile(
    r"\b((?i:corresponsal|enviad[oa] especial|correspondante?|correspondente|corrispondente"
    r"|envoyée? spéciale?|inviat[oa]|korrespondent(?:in)?))\s+(?:en|em|à|a|in|aus)\s+[A-ZÀ-Þ][^,;|()/]*"
)
"""A job with the place of it, whose "en" is no "and"."""

FOR = re.compile(r"^for\s+|\s+for$", re.IGNORECASE)
BEGINS_WITH = re.compile(r"^(?:with|mit|avec|con|com|med|met)\s+", re.IGNORECASE)
BRACKET = re.compile(r"[(\[]\s*([^()\[\]]{1,60})\s*[)\]]")

_TITLE_WORDS = (
    r"editors?|chief|correspondents?|reporters?|writers?|staff|columnists?|journalists?|producers?"
    r"|analysts?|contributors?|contributing|photographers?|anchors?|presenters?|critics?|assistant"
    r"|managing|executive|senior|deputy|director|manager|professor|lecturer|fellow|researcher"
    r"|author|head|intern|freelance|freelancer|officer|president|minister|ambassador|chair(?:man)?"
    r"|founder|strategist|economist|special|general|opinion|politi(?:cs|cal)|business|sports?"
    r"|health|science|content|technology|environment|education|crime|breaking|news|digital|multimedia"
    r"|video|data|investigative|foreign|national|local|diplomatic|economics?|community|features?"
    r"|religion|redakteur(?:in)?|korrespondent(?:in)?|reporter(?:in)?|autor(?:in)?"
    r"|ressortleiter(?:in)?|chefredakteur(?:in)?|volontär(?:in)?|periodista|redactora?|corresponsal"
    r"|enviad[oa]|especial|correspondante?|correspondente|corrispondente|envoyée?|spéciale?|inviat[oa]"
    r"|journaliste|rédacteur|rédactrice|giornalista|muhabiri?|editörü?|jornalista|repórter"
    r"|redaktør|journalister?|toimittaja|기자|記者|特派員|인턴기자|선임기자|특파원"
)
_JOBS = (
    r"editors?|correspondents?|reporters?|writers?|columnists?|journalists?|producers?|analysts?"
    r"|contributors?|photographers?|anchors?|presenters?|critics?|director|manager|professor"
    r"|lecturer|fellow|researcher|officer|president|chief|intern|redakteur(?:in)?"
    r"|korrespondent(?:in)?|periodista|journaliste|giornalista|muhabiri?|editörü?|jornalista"
)
TITLE = re.compile(rf"(?:the|of|for|and|&|at|in|on|a|an|-|\s|{_TITLE_WORDS})+", re.IGNORECASE)
"""A text that is a job title and nothing else."""

TITLE_WORD = re.compile(_TITLE_WORDS, re.IGNORECASE)
"""A word that job titles begin with, and names do not."""

TITLE_BEFORE = re.compile(rf"(?:(?:{_TITLE_WORDS})\s+)*(?:{_JOBS})\s+(?=\S+\s+\S)", re.IGNORECASE)
"""A job title before a name."""

_POSTED = (
    r"washington|white house|westminster|london|paris|berlin|brussels|moscow|beijing|tokyo|jerusalem"
    r"|cairo|delhi|new york|los angeles|europe|asia|africa|middle east|uk|us"
)
"""What a correspondent's title begins with who is posted there."""

STAFF = re.compile(r"(?:[^\W\d_]\S*\s){1,3}staff", re.IGNORECASE)
STAFF_END = re.compile(r"\s(?P<paper>[A-Z]\w{2,})\s[Ss]taff$")
"""Where somebody works, behind the name: "Globe Staff"."""

EMPLOYER = re.compile(
    r"\S+(?:\s\S+)?[ -](?:sentinel|herald|globe|observer|telegraph|dispatch|examiner|inquirer|independent"
    r"|advocate|monitor|express|guardian|register|gazette|mirror|standard)"
    r"|(?:washington|new york|denver|jakarta|jerusalem|bangkok|huffington|south china morning) post"
    r"|(?:toronto|daily|\S+ city|indianapolis) star",
    re.IGNORECASE,
)
"""A newspaper behind a name and a comma: where the person works."""

TITLE_END = re.compile(
    rf"(?:\s+(?:{_POSTED}))?\s+(?:(?:{_TITLE_WORDS})\s+)*(?:{_JOBS})$|\s*(?:기자|記者|特派員|인턴기자|선임기자|특파원)$",
    re.IGNORECASE,
)
"""A job title behind a name, without a comma."""

TITLE_OF = re.compile(rf"(?:\S+\s+)?(?:{_JOBS}|head|chair)\s+(?:of|for|at|to)\b.*", re.IGNORECASE)
"""A job title that says of what."""

DEGREES = re.compile(
    r"(?:M\.?S|R\.?D\.?N?|L\.?D\.?N?|M\.?D|Ph\.?\s?D|M\.?P\.?H|D\.?O|R\.?N|B\.?Sc|M\.?Sc|M\.?A|B\.?A"
    r"|J\.?D|M\.?B\.?A|Psy\.?D|Ed\.?D|D\.?D\.?S|D\.?V\.?M|C\.?F\.?P|CPA|CFA|LCSW|FACP|Esq"
    r"|APRN|NP|PA-C|PharmD|OBE|MBE|CBE)\.?"
)
"""Letters behind a name."""

_CODE = r"[a-zäöüß]{2,4}(?![^\s,;/)\]])"
INITIALS = re.compile(
    rf"(?P<open>[(\[]|[–—-]\s)?(?P<codes>{_CODE}(?:\s*[,;/]\s*(?:{_CODE}|[A-Z]{{2,4}}\b))*)\s*[)\]]?(?=\s*(?:;|$))"
)
"""Initials in small letters as newspapers in German sign with them: "abc", "(abc/dpa)"."""

SUFFIX = re.compile(r"(?:Jr|Sr|II+|IV)\.?", re.IGNORECASE)
"""What belongs to the name before, even behind a comma."""

DESK = re.compile(
    r"\b(?:desk|newsdesk|newsroom|news\s?team|web team|staff(?: (?:report(?:er)?|writer)s?)?"
    r"|editorial(?: board| team)?|editors|team|redaktion|redakcja|redacción|redacao|redação"
    r"|rédaction|redazione|redactie|redaktionen|redaksi|toimitus|newsfeed|correspondents?"
    r"|reporters?|contributors|wire services|bureau|webdesk|servisi|masası"
    r"|haber merkezi|(?:dış|yurt) haberler|internet haber(?:leri)?|편집국|뉴스팀|編集部|редакция|редакція|редакцията)\b"
    r"|ทีมข่าว|กองบรรณาธิการ|ผู้สื่อข่าว|প্রতিবেদক|ലേഖകൻ|நிருபர்|ब्यूरो|संवाददाता|डेस्क|编辑部|編輯部|本报讯|מערכת|غرفة الأخبار|فريق التحرير|سرویس|گروه خبر",
    re.IGNORECASE,
)
"""What a group of the paper's people is called."""

DEPARTMENT = re.compile(
    rf"(?:{_TITLE_WORDS}|arts?|books|culture|entertainment|films?|life|lifestyle|money|music|style"
    r"|travel|weather|world|sports?|kultur|politik|wirtschaft|wissenschaft|cultura|deportes"
    r"|econom[ií]a|esportes|mundo|pol[ií]tica|spor|ekonomi|gündem|dünya|kültür|magazin|haber(?:ler)?|&|and|\s)+",
    re.IGNORECASE,
)
"""What a department is called, behind the paper's name."""

ORGANISATION = re.compile(
    r"\b(?:media|news|times|journal|tribune|gazette|courier|chronicle|magazine|network|radio"
    r"|television|tv|online|digital|company|inc|ltd|llc|gmbh|group|agency|channel|society"
    r"|communications|publishing|newspapers?|brandroom|courier-post|project|conversation|wire)\.?$"
    r"|\b(?:university|universität|université|universidad|institute|institut|foundation|college"
    r"|association|council|ministry|department|committee|cent(?:er|re) for)\b",
    re.IGNORECASE,
)
"""A name that is an organisation's."""

AGENCY = re.compile(
    r"\b(?:(?:news|press) agency|news service|haber ajansı|nachrichtenagentur)$|^وكالة .*للأنباء$",
    re.IGNORECASE,
)
"""A name that is a news agency's."""

NO_NAME = re.compile(
    r"(?i)(?:(?:site |web )?admin(?:istrator)?|super ?user|guest (?:author|writer|contributor|columnist|post)|unknown|none|null|undefined|n/?a|author|authors|anonymous|guest"
    r"|user|editor|news|home|contact|subscribe|about|website|web|online|advertisement|ad|sponsored"
    r"|press release|pressrelease|read more|more|view all.*|see all.*|all posts.*|click here.*"
    r"|sign up.*|log ?in.*|true|false|default|default author|article|opinion|comment|exclusive"
    r"|live|video|photo|photos|from|by|for|the|via|source|sources?|image|images|follow.*|email.*"
    r"|e-mail.*|share.*|print.*|special to.*|special for.*|twitter|facebook|instagram|linkedin|x"
    r"|\W*|meet the author|about the author|the author|written by"
    r"|[\u4e00-\u9fff]{0,6}(?:報導|報道|报道))"
)
NOT_IN_NAMES = re.compile(
    r"(?i)\b(?:front|click|subscribe|newsletter|cookie|copyright|reserved|privacy|read|watch|minutes?"
    r"|ago|comments?|updated|published|posted|http|www|policy|here|your|our|this|that|was|were|is"
    r"|are|has|have|who|about|get|latest|join|support|article|story|photos?|images?|videos?|pictures?|foto|immagine|imagen|bild|credit|partner"
    r"|assinantes|suscriptores|abonnés|abonnenten|abbonati|share|download|sign|buy|tickets?|shop|order|book|view|back|next|previous|getty|shutterstock|istock|alamy|imago|picture alliance|unsplash)\b"
)
ARTICLE = re.compile(r"(?:a[ldnrstz]|ash|el|ed|es|bin|ben|ibn|d|l|t)[-'’](?=[^\W\d_a-z])")
"""An article before a surname and joined to it."""

PARTICLES = frozenset(
    [
        *("de", "del", "della", "der", "den", "di", "da", "do", "dos", "das", "du", "des", "la"),
        *("le", "van", "von", "vom", "zu", "zur", "bin", "ibn", "al", "el", "ben", "ten", "ter"),
        *("y", "e", "af", "av", "os", "abu", "st", "jr", "d'", "in", "bint", "and"),
        *("wa", "ole", "ould", "zum", "ní"),
    ]
)
