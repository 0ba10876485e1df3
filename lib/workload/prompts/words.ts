/**
 * Common English words that cost one token each, with the space before them, in the tokenizers of
 * GPT-2, GPT-3.5/4 (cl100k), GPT-4o (o200k), Llama 2, Llama 3, Qwen 2.5 and Gemma.
 *
 * How the list was made: every lower-case entry of four to nine letters in GPT-2's vocabulary, in the
 * order of that vocabulary (by frequency), was kept when each of the seven tokenizers counts exactly one
 * token more for `The <word>` than for `The`, and when it is in the SCOWL word lists up to size 35. Words
 * about violence, politics, religion, persons and the like were removed; the first 1,024 of the rest
 * were read through once more and sorted alphabetically. The calibration detects a server with another
 * tokenizer, and drops the words that cost more there.
 *
 * Order and content are part of a saved calibration: when either changes, so must WORDS_VERSION.
 */
const TEXT = `
ability able about above absolute accept access according account across action actions active
activity actual actually added addition address adult affect after again against ahead allow
allowed allows almost alone along already also although always amount analysis announced another
answer anyone anything appear appeared appears approach arch area areas around article asked
assist attempt attention author available average avoid aware away back ball band bank base based
basic battle became because become been before began begin beginning behind being believe below
benefits best better between beyond biggest bill billion block board body book books both brain
break bring broad brought build building built business call called calls came camp candid cannot
capital card cards care career carry case cases cast cause caused cell certain certainly chance
change changed changes character charge check chief choice choose city civil claim claims clean
clear clearly click close club coach code collect comb come comes coming command comment comments
common community companies company compared complete complex computer concept concern condition
conduct connect consider consist contact contain content continue continued contract control cool
correct cost costs could count counter countries country couple course court cover create created
credit critic cross culture current currently custom data date days deal decided decision deep
demand described design designed despite detail details develop device different difficult direct
directly director disc discuss display document does doing done door down draw drive during each
earlier early easily easy economic economy education effect effective effects effort efforts eight
either else email employ energy engine enjoy enough enter entire error even event events ever
every everyone evidence exact exactly example except exist expect expected extra extreme eyes face
fact fair fall family fans fast feature features feed feel feet felt female field figure file
files film final finally financial find fine firm first five focus follow followed following food
foot foreign form former forward found four free friend friends from front full fully function
fund further future game games gave general gets getting give given gives giving global goal goes
going gold gone good great greater green ground group groups grow growing growth guys half hand
hands happen happened happy hard have having head health hear heard heart held help here high
higher highly himself history hold home hope host hour hours house however huge human hundred idea
image impact implement import important improve include included includes including income
increase increased industry inside install instead inter interest interview into invest involved
issue issues item items itself jobs journal just keep kept kind knew know knowledge known lack
land language large larger last late later latest laws lead leading learn least leave left length
less letter level levels life light like likely limited line lines link list little live lives
living load local location long longer look looked looking looks love lower made main major
majority make makes making many mark market match material matter maybe mean meaning means meant
measure media medical meet meeting member members memory mention mess message method middle might
million mind minutes miss mist model modern moment money month months more morning most mount move
moved movement movie moving much multiple music must myself name named names nation national
natural nature near nearly necessary need needed needs network never news next nice night normal
note nothing notice number numbers object obvious occur offer office officer officers official
officials often once ones only open option options order organ original other others outside over
overall pack page paid paper parent parents park part parts passed past path patients pattern
people percent perfect perform perhaps period person personal phone physical pick piece place
places plan plans platform play played player players playing please point points policy popular
port position positive possible post potential power powerful practice present press pressure
pretty prevent previous price print prior private probably problem problems process product
products program programs project proper property protect provide provided provides public
published pull purpose quality quarter quest question questions quick quickly quite range rare
rate rates rather reach read reading ready real reality really reason reasons receive received
recent recently record refer reflect regard region regular related relations relative release
released remain remains remember report reported reports represent request require required
research respect respond response rest result results return review right rights road rock role
room round rule rules running safe safety said same save saying says scene school science screen
search season second section security seem seemed seems seen self sell send sense sent series
serious service services seven sever several shall share ship short should show showed shown shows
side sign similar simple simply since sing single site situation size sleep slight slow small
social society soft software some someone something sometimes song soon sort sound source space
speak special specific speech speed spent spread staff stage stand standard star start started
starting state statement states status stay step still stop store stories story straight strong
student students studies study style subject success such suggest summer super support sure system
systems table take taken takes taking talk talking target team teams tell term terms test text
than that their them then there these they thing things think thinking third this those though
thought thous three through throw time times title today together told took tool total touch
toward towards town track trade training travel treat treatment tried true trust truth trying turn
turned type types under unique until upon used user users uses using usually value values various
vehicle version very video view visit voice wait walk wall want wanted wants watch water ways week
weeks weight well went were what when where whether which while whole whose wide will wind with
within without woman word words work worked workers working works world worth would writ write
writing written wrote year years young your yourself
`

let words: readonly string[] | undefined

/** The words. The list is made on first use: most VUs only need the text that was made of it for all of them. */
export function wordList(): readonly string[] {
  return (words ??= TEXT.trim().split(/\s+/))
}

/** Version of this list in a saved calibration, whose words are positions in the list. */
export const WORDS_VERSION = 1
