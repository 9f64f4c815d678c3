using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.AppArmor;

/// <summary>One rule of a profile's text, or the head of a block (apparmor.d(5)), as words without the comma or brace that ends it.</summary>
/// <param name="Line">Line of its first word, from 1.</param>
/// <param name="Words">As written; what stands in quotes or parentheses is part of one word.</param>
/// <param name="OpensBlock">True for the head of a profile, a hat or a qualifier block.</param>
internal sealed record AppArmorStatement(int Line, ImmutableArray<string> Words, bool OpensBlock);

/// <summary>Cuts a profile's text into its statements. Total: text that the parser of AppArmor would refuse is cut somehow.</summary>
internal static class AppArmorText
{
    //   profile web /usr/bin/web flags=(complain, attach_disconnected) {   # (1) head: ends with a brace that stands alone
    //     /usr/bin/{sh,bash} Ux,                                           # (2) a comma within a word's braces does not end the rule
    //     include <abstractions/base>                                      # (3) an include and a variable end with their line
    //   }

    public static List<AppArmorStatement> Cut(string text)
    {
        var (statements, words) = (new List<AppArmorStatement>(), ImmutableArray.CreateBuilder<string>());
        var (line, first) = (1, 1);
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c == '\n')
            {
                if (EndsWithLine(words))
                    End(opensBlock: false);
                (line, i) = (line + 1, i + 1);
            }
            else if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c == '#' && !text.AsSpan(i).StartsWith("#include", StringComparison.Ordinal))
            {
                i = text.IndexOf('\n', i) is >= 0 and var end ? end : text.Length;
            }
            else
            {
                if (words.Count == 0)
                    first = line;
                var word = text[i..WordEnd(text, i)];
                i += word.Length;
                line += word.AsSpan().Count('\n');
                Take(word);
            }
        }

        End(opensBlock: false);
        return statements;

        void Take(string word)
        {
            var closes = word.EndsWith(',');
            if (word is not ("{" or "}" or ","))
                words.Add(closes ? word[..^1] : word);
            if (closes || word is "{" or "}")
                End(word == "{");
        }

        void End(bool opensBlock)
        {
            if (words.Count > 0)
                statements.Add(new AppArmorStatement(first, words.ToImmutable(), opensBlock));
            words.Clear();
        }
    }

    private static bool EndsWithLine(ImmutableArray<string>.Builder words) =>
        words.Count > 0 && (words[0] is "include" or "#include" || words[0].StartsWith("@{", StringComparison.Ordinal));

    /// <summary>Where white space ends the word that begins here, quotes, parentheses and escapes looked through.</summary>
    private static int WordEnd(string text, int start)
    {
        var (quoted, depth) = (false, 0);
        var i = start;
        for (; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = !quoted;
            else if (!quoted && c == '(')
                depth++;
            else if (!quoted && c == ')')
                depth--;
            else if (!quoted && depth <= 0 && char.IsWhiteSpace(c))
                break;
        }

        return Math.Min(i, text.Length);
    }
}
