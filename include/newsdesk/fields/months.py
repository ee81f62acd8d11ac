"""Month names and clock words in the languages newspapers print their dates in.

Names are in lower case, without diacritics that papers leave out; full names before short ones
where both are usual. A name that means another month in another language stands in
``BY_LANGUAGE`` alone and counts only on a page of that language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

_NAMES: dict[str, str] = {
    "en": "january february march april may june july august september october november december",
    "en short": "jan feb mar apr may jun jul aug sept oct nov dec",
    "en short 2": "- - - - - - - - sep - - -",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "tr short": "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "tr ascii": "- subat - - mayis - - agustos eylul - kasim aralik",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "de short": "jän febr mär apr mai jun jul aug sept okt nov dez",
    "de austria": "jänner feber maerz - - - - - - - - -",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "fr short": "janv févr mars avr mai juin juil août sept oct nov déc",
    "fr ascii": "- fevrier - - - - - aout - - - decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es short": "ene feb mar abr may jun jul ago set oct nov dic",
    "es 2": "- - - - - - - - setiembre - - -",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
    " dicembre",
    "it short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pt short": "jan fev mar abr mai jun jul ago set out nov dez",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "nl short": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "da, nb": "januar februar marts april maj juni juli august september oktober november desember",
    "nb": "- - mars - mai - - - - - - -",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "is": "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta"
    " syyskuuta lokakuuta marraskuuta joulukuuta",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października"
    " listopada grudnia",
    "pl short": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "uk short": "січ лют бер квіт трав черв лип серп вер жовт лист груд",
    "el short": "ιαν φεβ μαρ απρ μαΐ ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "sk": "januára februára marca apríla mája júna júla augusta septembra októbra novembra"
    " decembra",
    "hu": "január február március április május június július augusztus szeptember október november"
    " december",
    "hu short": "jan febr márc ápr máj jún júl aug szept okt nov dec",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie"
    " decembrie",
    "id short": "- - - - - - - agu - - - des",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "ms": "- - mac - - - julai ogos - - - disember",
    "sw": "- - machi aprili - - - agosti septemba oktoba novemba desemba",
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "lv": "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris"
    " decembris",
    "lt": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio"
    " gruodžio",
    "sl": "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra"
    " decembra",
    "sr": "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar",
    "sr cyrillic": "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "sq": "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "ta": "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",
    "te": "జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జూలై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్",
    "mr": "जानेवारी फेब्रुवारी मार्च एप्रिल मे - जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर",
    "ne": "- - - - - - - - सेप्टेम्बर अक्टोबर नोभेम्बर डिसेम्बर",
    "gu": "જાન્યુઆરી ફેબ્રુઆરી માર્ચ એપ્રિલ મે જૂન જુલાઈ ઓગસ્ટ સપ્ટેમ્બર ઓક્ટોબર નવેમ્બર ડિસેમ્બર",
    "sr 2": "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra",
    "sr cyrillic 2": "јануара фебруара марта априла маја јуна јула августа септембра октобра новембра"
    " децембра",
    "mk": "јануари февруари март април мај јуни јули август септември октомври ноември декември",
    "be": "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада"
    " снежня",
    "gl": "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
    "eu": "urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren"
    " irailaren urriaren azaroaren abenduaren",
    "af": "januarie februarie - - - junie julie - - - - -",
    "ms short": "- - - - - - - - - - - dis",
    "sk short": "- - marec - máj jún júl - - - - -",
    "sl short": "- - - - - - - avg - - - -",
    "bg short": "яну - - - - - - - сеп - ное -",
    "bg short 2": "- - - - - - - - септ - ноем -",
    "is short": "- - - - - - - ágú - - nóv des",
    "hy 2": "հունվար փետրվար մարտ ապրիլ մայիս հունիս հուլիս օգոստոս սեպտեմբեր հոկտեմբեր նոյեմբեր"
    " դեկտեմբեր",
    "lv 2": "janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī",
    "lt 2": "sausis vasaris kovas balandis gegužė birželis liepa rugpjūtis rugsėjis spalis lapkritis"
    " gruodis",
    "et short": "jaan veebr - - - - - - - - - dets",
    "ne 2": "- फेब्रुअरी - अप्रिल - जुन - अगस्ट - - - -",
    "gu 2": "- - - - - - - ઑગસ્ટ - ઑક્ટોબર - -",
    "uz": "- - - - - - - avgust sentabr oktabr - -",
    "ps": "جنوري فبروري - - - - جولای اګست سپتمبر - - -",
    "so 2": "- - - abriil maajo juun - ogost - - - disembar",
    "ga": "eanáir feabhra márta aibreán bealtaine meitheamh iúil lúnasa - - samhain nollaig",
    "ga 2": "- - - aibreáin - meithimh - - - - samhna nollag",
    "cy": "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
    "mt": "jannar frar marzu april mejju ġunju lulju awwissu settembru ottubru novembru diċembru",
    "ku": "çile sibat adar nîsan gulan hezîran tîrmeh tebax îlon cotmeh mijdar berfanbar",
    "ckb": "- شوبات ئازار نیسان ئایار حوزەیران تەمموز ئاب ئەیلوول - - -",
    "pa": "ਜਨਵਰੀ ਫਰਵਰੀ ਮਾਰਚ ਅਪ੍ਰੈਲ ਮਈ ਜੂਨ ਜੁਲਾਈ ਅਗਸਤ ਸਤੰਬਰ ਅਕਤੂਬਰ ਨਵੰਬਰ ਦਸੰਬਰ",
    "kn": "ಜನವರಿ ಫೆಬ್ರವರಿ ಮಾರ್ಚ್ ಏಪ್ರಿಲ್ ಮೇ ಜೂನ್ ಜುಲೈ ಆಗಸ್ಟ್ ಸೆಪ್ಟೆಂಬರ್ ಅಕ್ಟೋಬರ್ ನವೆಂಬರ್ ಡಿಸೆಂಬರ್",
    "ml": "ജനുവരി ഫെബ്രുവരി മാർച്ച് ഏപ്രിൽ മേയ് ജൂൺ ജൂലൈ ഓഗസ്റ്റ് സെപ്റ്റംബർ ഒക്ടോബർ നവംബർ ഡിസംബർ",
    "or": "ଜାନୁଆରୀ ଫେବୃଆରୀ ମାର୍ଚ୍ଚ ଏପ୍ରିଲ ମେ ଜୁନ ଜୁଲାଇ ଅଗଷ୍ଟ ସେପ୍ଟେମ୍ବର ଅକ୍ଟୋବର ନଭେମ୍ବର ଡିସେମ୍ବର",
    "my": "ဇန်နဝါရီ ဖေဖော်ဝါရီ မတ် ဧပြီ မေ ဇွန် ဇူလိုင် ဩဂုတ် စက်တင်ဘာ အောက်တိုဘာ နိုဝင်ဘာ ဒီဇင်ဘာ",
    "km": "មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ",
    "lo": "ມັງກອນ ກຸມພາ ມີນາ ເມສາ ພຶດສະພາ ມິຖຸນາ ກໍລະກົດ ສິງຫາ ກັນຍາ ຕຸລາ ພະຈິກ ທັນວາ",
    "ha": "janairu fabrairu maris afrilu mayu yuni yuli agusta satumba oktoba nuwamba disamba",
    "ka": "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი"
    " დეკემბერი",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru short": "янв фев мар апр май июн июл авг сен окт ноя дек",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "el": "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου"
    " οκτωβρίου νοεμβρίου δεκεμβρίου",
    "hy": "հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի"
    " նոյեմբերի դեկտեմբերի",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ar 2": "- - آذار ابريل أيار يونية يوليه اغسطس أيلول اكتوبر - -",
    "ar levant": "- شباط - نيسان ايار حزيران تموز آب ايلول - - -",
    "ar morocco": "- - - - ماي - يوليوز غشت شتنبر - نونبر دجنبر",
    "ar maghreb": "جانفي فيفري - أفريل ماي جوان جويلية أوت - - - -",
    "fa": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "bn": "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "bn 2": "জানুয়ারী ফেব্রুয়ারী - - - - - - - - - -",
    "hi": "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "hi 2": "- फ़रवरी - - - - - - सितम्बर अक्तूबर नवम्बर दिसम्बर",
    "si": "ජනවාරි පෙබරවාරි මාර්තු අප්‍රේල් මැයි ජූනි ජූලි අගෝස්තු සැප්තැම්බර් ඔක්තෝබර් නොවැම්බර් දෙසැම්බර්",
    "so": "janaayo febraayo maarso - - - luulyo - sebtembar oktoobar nofembar diseembar",
    "tl": "enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",
    "he before": "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "he": "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
}

TWO_WORDS: dict[str, int] = {
    "كانون الثاني": 1,
    "كانون الأول": 12,
    "تشرين الأول": 10,
    "تشرين الثاني": 11,
    "كانون ثاني": 1,
    "كانون أول": 12,
    "تشرين أول": 10,
    "تشرين ثاني": 11,
    "کانوونی دووەم": 1,
    "تشرینی یەکەم": 10,
    "تشرینی دووەم": 11,
    "کانوونی یەکەم": 12,
}
"""Names that are two words, of the Levant and of the Kurds."""

BY_LANGUAGE: dict[str, tuple[str, ...]] = {
    "hr": (
        "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca",
        "siječanj veljača ožujak travanj svibanj lipanj srpanj kolovoz rujan listopad studeni prosinac",
        "sij velj ožu tra svi lip srp kol ruj lis stu pro",
        "- - - - - - - - - - studenog -",
    ),
}

OTHER_CALENDARS = frozenset(
    [
        "محرم",
        "صفر",
        "رجب",
        "شعبان",
        "رمضان",
        "شوال",
        "muharram",
        "ramazan",
        "ramadan",
        "shawwal",
        "فروردین",
        "اردیبهشت",
        "خرداد",
        "تیر",
        "مرداد",
        "شهریور",
        "مهر",
        "آبان",
        "آذر",
        "دی",
        "بهمن",
        "اسفند",
    ]
)
"""Months of the Hijri and the Iranian year: a date with one of them is no Gregorian date."""

PARTS_OF_DAY = {
    "pm": frozenset(
        [
            *(
                "pm",
                "p",
                "öğleden",
                "ös",
                "μμ",
                "م",
                "مساء",
                "مساءا",
                "عصرا",
                "오후",
                "저녁",
                "शाम",
            ),
            *("পিএম", "বিকেল", "বিকাল", "সন্ধ্যা", "સાંજે", "બપોરે", "संध्याकाळी", "दुपारी", "பிற்பகல்"),
            *("सायंकाळी", "साँझ", "बेलुका", "సాయంత్రం", "ಸಂಜೆ", "വൈകിട്ട്", "ਸ਼ਾਮ", "ماښام", "د.ن", "md"),
            *("gn", "galabnimo", "jioni", "hapon", "sore", "chiều", "ከሰዓት"),
            *("மாலை", "شام", "petang", "ptg", "ល្ងាច", "بعدازظهر"),
        ]
    ),
    "am": frozenset(
        ["am", "a", "öö", "πμ", "ص", "صباحا", "فجرا", "오전", "새벽", "아침", "सुबह"]
        + ["बिहान", "ఉదయం", "ಬೆಳಿಗ್ಗೆ", "രാവിലെ", "ਸਵੇਰੇ", "سهار", "پ.ن", "pd", "sn", "subaxnimo"]
        + ["asubuhi", "umaga", "sáng", "ጠዋት"]
        + ["এএম", "সকাল", "સવારે", "सकाळी", "காலை", "صبح", "pagi", "ព្រឹក", "قبل‌ازظهر"]
    ),
    "noon": frozenset(
        ["noon", "ظهرا", "दोपहर", "দুপুর", "दिउँसो", "మధ్యాహ్నం", "மதியம்", "siang", "trưa"]
    ),
    "night": frozenset(
        [
            "night",
            "ليلا",
            "밤",
            "रात",
            "রাত",
            "રાત્રે",
            "रात्री",
            "இரவு",
            "رات",
            "malam",
            "రాత్రి",
            "tối",
            "gabi",
        ]
    ),
}
"""Words beside a time that is told in twelve hours. Eleven and one are both at noon, and both at
night."""

HALVES = {
    **dict.fromkeys(
        ["ب.ظ", "ب .ظ", "بعد الظهر", "بعد از ظهر", "μ.μ", "μ. μ", "öğleden sonra"], "pm"
    ),
    **dict.fromkeys(
        ["ق.ظ", "ق .ظ", "قبل الظهر", "قبل از ظهر", "π.μ", "π. μ", "öğleden önce"], "am"
    ),
    **dict.fromkeys(["下午", "午後", "夕方", "傍晚"], " pm "),
    **dict.fromkeys(["上午", "午前", "凌晨", "早上", "清晨"], " am "),
    "中午": " noon ",
    "tengah hari": " noon ",
    "ප.ව": " pm ",
    "පෙ.ව": " am ",
    **dict.fromkeys(["晚上", "晚间", "晚間", "深夜", "夜"], " night "),
}
"""The same where they are two words or have no space around them, and what each is read as."""


def _table(rows: Mapping[Any, str]) -> dict[str, int]:
    table: dict[str, int] = {}
    for names in rows.values():
        for month, name in enumerate(names.split(), start=1):
            if name != "-":
                table.setdefault(name, month)
    return table


_COMMON = _table(_NAMES)


@cache
def names(language: str | None = None) -> dict[str, int]:
    """Month numbers by lower-case name, as a page of a language means them."""
    own = BY_LANGUAGE.get((language or "")[:2], ())
    return {**_COMMON, **_table(dict(enumerate(own)))} if own else _COMMON
